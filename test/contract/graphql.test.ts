import { buildSchema, isInterfaceType, isObjectType } from 'graphql'
import { describe, expect, it, test } from 'vitest'
import { COMMENT_EDITS } from '../../src/github/comment-edits.ts'
import { CO_AUTHORS } from '../../src/github/co-authors.ts'
import { ISSUE_EDITS } from '../../src/github/issue-edits.ts'
import { CLOSING_ISSUES, CLOSING_PULLS } from '../../src/github/linked-issues.ts'
import { SCHEMA } from '../../src/local-github/graphql.ts'
import { githubGraphql, queryProblems } from '../local-github/graphql-schema.ts'

describe('our GraphQL', () => {
  it.each([
    ['the issues that a pull request closes', CLOSING_ISSUES],
    ['the pull requests that close an issue', CLOSING_PULLS],
    ['the co-authors of commits', CO_AUTHORS],
    ['the versions of an issue’s description', ISSUE_EDITS],
    ['the edits of comments', COMMENT_EDITS],
  ])('query of %s is valid in GitHub’s public schema', (_name, query) => {
    expect(queryProblems(query)).toEqual([])
  })
})

test('what the local GitHub answers is word for word a part of GitHub’s public schema', () => {
  const ours = buildSchema(SCHEMA)
  const names = Object.keys(ours.getTypeMap()).filter((name) => !name.startsWith('__'))
  expect(names).toContain('PullRequest')
  for (const name of names) {
    const [our, their] = [ours.getType(name), githubGraphql().getType(name)]
    expect([name, their?.constructor]).toEqual([name, our?.constructor])
    if (!isObjectType(our) && !isInterfaceType(our)) continue
    const fields = (their as typeof our).getFields()
    for (const field of Object.values(our.getFields())) {
      const known = fields[field.name]
      expect(`${name}.${field.name}: ${String(known?.type)}`).toBe(`${name}.${field.name}: ${String(field.type)}`)
      const accepted = known?.args.map((arg) => `${arg.name}: ${String(arg.type)} = ${String(arg.defaultValue)}`)
      for (const arg of field.args)
        expect(accepted).toContain(`${arg.name}: ${String(arg.type)} = ${String(arg.defaultValue)}`)
    }
  }
})
