import { EVENT_TYPES } from './pull-request-parts.ts'

/** The fields of a pull request. */
export const PULL = /* GraphQL */ `
  fragment pull on PullRequest {
    fullDatabaseId
    number
    url
    title
    body
    lastEditedAt
    state
    isDraft
    mergeCommit {
      oid
    }
    headRefOid
    baseRefName
    baseRefOid
    author {
      ...account
    }
    labels(first: 100) {
      totalCount
      nodes {
        name
      }
    }
    additions
    deletions
    changedFiles
    createdAt
    updatedAt
    closedAt
    mergedAt
    repository {
      id
      databaseId
      nameWithOwner
      isPrivate
      visibility
      isArchived
      defaultBranchRef {
        name
      }
      owner {
        ... on User {
          databaseId
        }
        ... on Organization {
          databaseId
        }
      }
    }
    commits(first: 100) {
      totalCount
      nodes {
        commit {
          id
          oid
          message
          committedDate
          tree {
            oid
          }
          author {
            user {
              login
              databaseId
            }
          }
          committer {
            user {
              login
            }
          }
          signature {
            isValid
          }
          parents(first: 10) {
            totalCount
            nodes {
              oid
            }
          }
        }
      }
    }
    head: commits(last: 1) {
      nodes {
        commit {
          oid
          statusCheckRollup {
            contexts(first: 100) {
              totalCount
              nodes {
                __typename
                ... on CheckRun {
                  id
                  name
                  conclusion
                  startedAt
                  checkSuite {
                    id
                    app {
                      databaseId
                    }
                  }
                }
                ... on StatusContext {
                  state
                }
              }
            }
          }
        }
      }
    }
    reviews(first: 100) {
      totalCount
      nodes {
        author {
          ...account
        }
        state
        submittedAt
        commit {
          oid
        }
      }
    }
    timelineItems(first: 100, itemTypes: [${EVENT_TYPES.join(', ')}]) {
      nodes {
        __typename
        ... on LabeledEvent {
          createdAt
          label {
            ...named
          }
        }
        ... on UnlabeledEvent {
          createdAt
          label {
            ...named
          }
        }
        ... on ReadyForReviewEvent {
          createdAt
        }
        ... on ConvertToDraftEvent {
          createdAt
        }
        ... on HeadRefForcePushedEvent {
          createdAt
        }
        ... on BaseRefForcePushedEvent {
          createdAt
        }
        ... on BaseRefChangedEvent {
          createdAt
        }
        ... on AutomaticBaseChangeSucceededEvent {
          createdAt
        }
      }
      pageInfo {
        hasNextPage
      }
    }
    closingIssuesReferences(first: 50) {
      nodes {
        fullDatabaseId
        url
      }
    }
    comments(first: 100) {
      ...comments
    }
  }

  fragment comments on IssueCommentConnection {
    totalCount
    nodes {
      id
      fullDatabaseId
      author {
        kind: __typename
        login
      }
      editor {
        login
      }
    }
  }

  fragment account on Actor {
    __typename
    login
    ... on User {
      databaseId
    }
    ... on Bot {
      databaseId
    }
  }

  fragment named on Label {
    name
    createdAt
    updatedAt
  }
`

/** The fields of an issue whose text is asked for; `comments` is in `PULL`. */
export const TEXT = /* GraphQL */ `
  fragment text on Issue {
    comments(first: 100) {
      ...comments
    }
    body
    author {
      ...person
    }
    userContentEdits(first: 10) {
      totalCount
      nodes {
        editedAt
        diff
        editor {
          ...person
        }
      }
      pageInfo {
        endCursor
        hasNextPage
      }
    }
  }

  fragment person on Actor {
    login
    ... on User {
      databaseId
    }
  }
`
