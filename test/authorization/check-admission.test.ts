import { expect, it } from 'vitest'
import { admissionOf, type AdmissionCheck } from '../../src/authorization/check-admission.ts'
import type { RepositoryFacts } from '../../src/github/pull-requests.ts'

it('the admission of a repository is asked once, and again where GitHub says something else of it', async () => {
  const asked: RepositoryFacts[] = []
  const check = async (_at: unknown, repository: RepositoryFacts) => {
    asked.push(repository)
    return (repository.hidden ? { refused: 'private-keep' } : { admission: {} }) as AdmissionCheck
  }
  const home = { id: 1, fullName: 'ada/home', ownerId: 2, hidden: false } as RepositoryFacts
  const admission = admissionOf(check, { installation: 1, owner: 'ada', repo: 'home' })
  expect(await admission(home)).toEqual({ admission: {} })
  expect(await admission({ ...home })).toEqual({ admission: {} })
  expect(asked).toHaveLength(1)
  // Made private meanwhile.
  expect(await admission({ ...home, hidden: true })).toEqual({ refused: 'private-keep' })
  expect(asked).toHaveLength(2)
})
