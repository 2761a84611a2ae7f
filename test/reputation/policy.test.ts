import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { parseYaml } from '../../src/domain/yaml.ts'
import { readPolicy } from '../../src/reputation/policy.ts'
import { cpuTimeOf } from '../cpu-time.ts'

describe('a policy', () => {
  it('has numbers for keys', () => {
    expect(readPolicy('claims: { 1: 5, 3: 7 }').claims).toEqual({ 1: 5, 2: 10, 3: 7 })
  })

  it.each(['claims: { 1: 5 }\nclaims: { 1: 6 }', 'a:\n  - { b: 1, b: 2 }', '1: 1\n"1": 2'])(
    'with a key twice is refused: %s',
    (text) => {
      expect(() => readPolicy(text)).toThrow(
        /^The file that POLICY names is not usable: line \d: Map keys must be unique\.$/,
      )
    },
  )

  it('is nothing where the file is empty', () => {
    expect(readPolicy('# later\n')).toEqual(readPolicy(undefined))
  })

  it('with thousands of keys takes no more time for each of them', () => {
    const keys = Array.from({ length: 40_000 }, (_, n) => `a${n}: 1\n`).join('')
    expect(cpuTimeOf(() => expect(parseYaml(keys)).toHaveProperty('value'))).toBeLessThan(5_000)
  })

  it.each([20, 200, 2_000])('with keys that are collections, %i deep, is refused at once', (depth) => {
    const text = `${'{'.repeat(depth)}a: 1${'}: 1'.repeat(depth)}`
    const took = cpuTimeOf(() => {
      expect(() => readPolicy(text)).toThrow(UserError)
      expect(parseYaml(text)).toHaveProperty('fault')
    })
    expect(took).toBeLessThan(1_000)
  })
})
