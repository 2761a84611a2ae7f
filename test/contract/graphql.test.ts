import { describe, expect, it } from 'vitest'
import { COMMENT_EDITS } from '../../src/github/comment-edits.ts'
import { CO_AUTHORS } from '../../src/github/co-authors.ts'
import { COMMIT_LINES } from '../../src/github/commit-lines.ts'
import { questionOf } from '../../src/github/folder-names.ts'
import { ISSUE_EDITS } from '../../src/github/issue-edits.ts'
import { CLOSING_ISSUES, CLOSING_PULLS } from '../../src/github/linked-issues.ts'
import { COMMENT_AUTHORS, COMMENT_TEXTS } from '../../src/github/own-comments.ts'
import { PULL_REQUEST_ENDS, pullRequestQuery } from '../../src/github/pull-request-query.ts'
import { PULL_EDITED, PULL_EDITS } from '../../src/github/pull-text.ts'
import { publication } from '../../src/github/publish.ts'
import { ADD_REACTION, REMOVE_REACTION } from '../../src/github/review-reactions.ts'
import { queryProblems } from '../local-github/graphql-schema.ts'

describe('our GraphQL', () => {
  it.each([
    ['the issues that a pull request closes', CLOSING_ISSUES],
    ['the pull requests that close an issue', CLOSING_PULLS],
    ['the co-authors of commits', CO_AUTHORS],
    ['the lines of commits', COMMIT_LINES],
    ['the versions of an issue’s description', ISSUE_EDITS],
    ['the edits of comments', COMMENT_EDITS],
    ['the versions of a pull request’s description', PULL_EDITS],
    ['when a pull request’s description was edited', PULL_EDITED],
    ['a pull request as a whole', pullRequestQuery([0])],
    ['a pull request as a whole, with texts of issues', pullRequestQuery([3])],
    ['pull requests as a whole, some with texts of issues', pullRequestQuery([0, 3, 1])],
    ['head and base of a pull request', PULL_REQUEST_ENDS],
    ['the authors of comments', COMMENT_AUTHORS],
    ['the texts of comments', COMMENT_TEXTS],
    ['the files in folders of repositories', questionOf(20, ['', '.github'])],
    ['a reaction to a review', ADD_REACTION],
    ['a reaction that is taken back', REMOVE_REACTION],
    ['a status that changes', publication({ comment: true, update: true, reaction: true })],
    ['a status on a new head', publication({ comment: true, update: false, reaction: false })],
    ['a check that changes', publication({ comment: false, update: true, reaction: false })],
    ['a first check', publication({ comment: false, update: false, reaction: true })],
  ])('query of %s is valid in GitHub’s public schema', (_name, query) => {
    expect(queryProblems(query)).toEqual([])
  })
})
