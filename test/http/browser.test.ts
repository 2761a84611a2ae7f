import { describe, expect, test } from 'vitest'
import { findChromium } from './browser.ts'

describe('the Chromium of browser tests', () => {
  test('is the one that CHROMIUM names, which must be there', () => {
    expect(findChromium({ CHROMIUM: process.execPath, PATH: '/nowhere' })).toBe(process.execPath)
    expect(() => findChromium({ CHROMIUM: '/nowhere/chromium' })).toThrow('/nowhere/chromium')
  })

  test('may be missing, unless it is required', () => {
    expect(findChromium({ PATH: '/nowhere' })).toBeUndefined()
    expect(() => findChromium({ PATH: '/nowhere', CHROMIUM_REQUIRED: '1' })).toThrow('there is no Chromium')
  })
})
