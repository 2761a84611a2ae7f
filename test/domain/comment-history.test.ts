import { describe, expect, it } from 'vitest'
import { isOthers, type Left, othersLines } from '../../src/domain/comment-history.ts'

const own = (text: string): Left => ({ text, byAuthor: true })
const other = (text: string): Left => ({ text, byAuthor: false })
const LINE = '/wl stamp quality=5'

const isRefused = (versions: Left[], line = LINE) => isOthers(othersLines(versions)!, line)

describe('a line of an edited comment', () => {
  it.each<[string, Left[]]>([
    ['was hidden in an open fence', [own('Good.'), other(`Good.\n\`\`\`\n${LINE}`)]],
    ['was hidden in a comment', [own('Good.'), other(`Good.\n<!--\n${LINE}\n-->`)]],
    ['was hidden in a comment on its own line', [own('Good.'), other(`Good.\n<!-- ${LINE} -->`)]],
    ['was hidden in a quote', [own('Good.'), other(`Good.\n> ${LINE}`)]],
    ['was hidden in code', [own('Good.'), other(`Good.\n\`${LINE}\``)]],
    ['stood open', [own('Good.'), other(`Good.\n${LINE}`)]],
    ['was hidden behind letters that are longer in lower case', [own('a'), other(`a\nİİ<!-- ${LINE} -->`)]],
    ['was hidden with other line ends', [own('Good.\r\nYes'), other(`Good.\r\nYes\r\n<!--\r\n${LINE}\r\n`)]],
    ['was hidden with other blanks and case', [own('Good.'), other(`<!--\n/WL\tstamp  quality=5\u200b`)]],
    ['outlived the author’s own edit', [own('a'), other(`a\n<!--\n${LINE}`), own(`b\n<!--\n${LINE}`)]],
    ['outlived many', [own('a'), other(`<!--\n${LINE}`), own(`b\n<!--\n${LINE}`), own(`c\n<!--\n${LINE}`)]],
    ['was made longer by the author', [own('a'), other(`a\n<!--\n/wl stamp`)]],
    ['was made shorter by the author', [own('a'), other(`a\n<!--\n${LINE} message="x"`)]],
    ['was changed by the author while hidden', [own('a'), other('<!--\n/wl stamp'), own(`<!--\n${LINE}`)]],
    ['was the author’s, and another’s edit hid it', [own(`a\n${LINE}`), other(`a\n<!--\n${LINE}`)]],
    ['was the author’s example, and another’s edit left it', [own(`\`${LINE}\``), other(`<!--\n${LINE}`)]],
    ['was put back after the author took it out', [own('a'), other(`<!--\n${LINE}`), own('a'), other(`<!--\n${LINE}`)]],
  ])('that somebody else put there is not the author’s: it %s', (_name, versions) => {
    expect(isRefused(versions)).toBe(true)
  })

  it('that holds what Markdown leaves out is known by what stands before that', () => {
    const planted = [own('a'), other(`a\n<!--\n${LINE} <b>x</b> message="y"`)]
    expect(isRefused(planted, `${LINE} \ufffcx\ufffc message="y"`)).toBe(true)
    expect(isRefused([own(`${LINE} <b>x</b>`), other(`<!--\n${LINE} <b>x</b>`)], `${LINE} \ufffcx\ufffc`)).toBe(true)
    expect(isRefused([own('a'), other('b')], `${LINE} \ufffcx\ufffc`)).toBe(false)
  })

  it.each<[string, Left[]]>([
    ['nobody else edited', [own('Good.')]],
    ['the author had it in a fence', [own('Good.'), own(`\`\`\`\n${LINE}\n\`\`\``)]],
    ['somebody else edited other lines of', [own('Good.'), other('Very good.')]],
    ['somebody else put another command into', [own('Good.'), other('<!--\n/wl reject reason="No"')]],
    ['the author had it taken out of', [own('a'), other(`<!--\n${LINE}`), own('a')]],
  ])('runs in a comment that %s', (_name, versions) => {
    expect(isRefused(versions)).toBe(false)
  })

  it('is nobody’s where a version has more commands than are looked at', () => {
    expect(othersLines([own('a'), other('/wl a'.concat('\n/wl b').repeat(50_000))])).toBeDefined()
    const many = Array.from({ length: 101 }, (_, n) => `/wl ${n}`).join('\n')
    expect(othersLines([own('a'), other(many)])).toBeUndefined()
  })

  it('is read in time, whatever the versions are', () => {
    const began = process.cpuUsage()
    const wide = Array.from({ length: 100 }, (_, n) => `/wl ${'x'.repeat(600)}${n}`).join('\n')
    othersLines(Array.from({ length: 100 }, (_, n) => ({ text: `${wide}\n${' '.repeat(n)}`, byAuthor: n % 2 === 0 })))
    othersLines([own(' '.repeat(65_536)), other('/wl'.repeat(20_000)), other(`${'\u200b'.repeat(65_000)}/wl`)])
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(2000)
  })
})
