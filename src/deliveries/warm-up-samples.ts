/** A delivery of a comment, with the fields that are read. */
export const COMMENT_DELIVERY = {
  guid: '00000000-0000-0000-0000-000000000000',
  name: 'issue_comment',
  payload: {
    action: 'created',
    installation: { id: 1 },
    repository: { id: 1, name: 'sample', owner: { id: 1, login: 'sample' } },
    sender: { id: 1, login: 'sample', type: 'User' },
    issue: { number: 1, pull_request: {} },
    comment: {
      id: 1,
      node_id: 'IC_1',
      body: ['/wl', 'stamp', 'quality=4'].join(' '),
      user: { id: 1, login: 'sample', type: 'User' },
      created_at: '2026-01-01T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    },
  },
}

const HEAD = '1'.repeat(40)
const AT = '2026-01-01T00:00:00Z'
const SAMPLE_AUTHOR = { __typename: 'User', login: 'sample', databaseId: 1 }
const CHECKS = [
  {
    __typename: 'CheckRun',
    id: 'CR_1',
    name: 'sample',
    conclusion: 'SUCCESS',
    startedAt: AT,
    checkSuite: { id: 'CS_1', app: { databaseId: 1 } },
  },
  { __typename: 'StatusContext', state: 'SUCCESS' },
]

/** A pull request as GraphQL answers, with one of each thing that it may have. */
export const PULL_REQUEST_NODE = {
  fullDatabaseId: '1',
  number: 1,
  url: 'https://github.com/sample/sample/pull/1',
  title: 'Sample',
  body: '',
  lastEditedAt: AT,
  state: 'OPEN',
  isDraft: false,
  mergeCommit: null,
  headRefOid: HEAD,
  baseRefName: 'main',
  baseRefOid: HEAD,
  author: SAMPLE_AUTHOR,
  labels: { totalCount: 1, nodes: [{ name: 'bug' }] },
  additions: 1,
  deletions: 1,
  changedFiles: 1,
  createdAt: AT,
  updatedAt: AT,
  closedAt: null,
  mergedAt: null,
  repository: {
    databaseId: 1,
    nameWithOwner: 'sample/sample',
    isPrivate: false,
    visibility: 'PUBLIC',
    isArchived: false,
    defaultBranchRef: { name: 'main' },
    owner: { databaseId: 1 },
  },
  commits: {
    totalCount: 1,
    nodes: [
      {
        commit: {
          id: 'C_1',
          oid: HEAD,
          message: 'Sample',
          committedDate: AT,
          tree: { oid: HEAD },
          author: { user: SAMPLE_AUTHOR },
          committer: { user: SAMPLE_AUTHOR },
          signature: { isValid: true },
          parents: { totalCount: 1, nodes: [{ oid: HEAD }] },
        },
      },
    ],
  },
  head: {
    nodes: [{ commit: { oid: HEAD, statusCheckRollup: { contexts: { totalCount: CHECKS.length, nodes: CHECKS } } } }],
  },
  reviews: {
    totalCount: 1,
    nodes: [{ author: SAMPLE_AUTHOR, state: 'APPROVED', submittedAt: AT, commit: { oid: HEAD } }],
  },
  timelineItems: {
    nodes: [{ __typename: 'LabeledEvent', createdAt: AT, label: { name: 'bug', createdAt: AT, updatedAt: AT } }],
    pageInfo: { hasNextPage: false },
  },
  closingIssuesReferences: { nodes: [{ fullDatabaseId: '1', url: 'https://github.com/sample/sample/issues/1' }] },
}
