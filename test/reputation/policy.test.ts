import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { parseYaml } from '../../src/domain/yaml.ts'
import { readPolicy } from '../../src/reputation/policy.ts'

describe('a policy', () => {
  it('has numbers for keys', () => {
    expect(readPolicy('claims: { 1: 5, 3: 7 }').claims).toEqual({ 1: 5, 2: 10, 3: 7 })
  })

  it.each([20, 200, 2_000])('with keys that are collections, %i deep, is refused at once', (depth) => {
    const text = `${'{'.repeat(depth)}a: 1${'}: 1'.repeat(depth)}`
    const before = process.cpuUsage()
    expect(() => readPolicy(text)).toThrow(UserError)
    expect(parseYaml(text)).toHaveProperty('fault')
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1_000)
  })
})
