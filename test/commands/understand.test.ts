import { describe, expect, it } from 'vitest'
import { confirmedLine } from '../../src/replies/confirm.ts'
import { parseComment } from '../../src/commands/parser/parse.ts'
import { readCommand } from '../../src/commands/parser/read.ts'
import { COMMANDS } from '../../src/commands/registry.ts'
import { cpuTimeOf } from '../cpu-time.ts'
import { plainShapes } from '../fuzz/shapes.ts'

// `⏎` is a line end.
const parsed = async (text: string) => (await parseComment(text.replaceAll('⏎', '\n')))!

async function read(text: string) {
  const { commands } = await parsed(text)
  expect(commands).toHaveLength(1)
  return readCommand(COMMANDS, commands[0]!)
}

async function said(text: string) {
  const answer = await read(text)
  return 'error' in answer ? answer.error : { [answer.command.name]: answer.args }
}

const error = async (text: string) => {
  const answer = await read(text)
  return 'error' in answer ? answer.error : `no error, but ${JSON.stringify(answer.args)}`
}

const ID = 'w-0123456789'

describe('what is clear is taken', () => {
  it.each<[string, object]>([
    ['/wl stamp quality=4 reliability:3', { quality: 4, reliability: 3 }],
    ['/wl stamp quality=4 reliability: 2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 reliability : 2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 creativity 5', { quality: 4, creativity: 5 }],
    ['/wl stamp quality=4 creativity: 5', { quality: 4, creativity: 5 }],
    ['/wl stamp quality=4 --creativity=5', { quality: 4, creativity: 5 }],
    ['/wl stamp quality:4', { quality: 4 }],
    ['/wl stamp quality: 4', { quality: 4 }],
    ['/wl stamp quality=4, great work', { quality: 4 }],
    ['/wl stamp 4 really nice work, thanks bob!', { quality: 4 }],
    ['/wl stamp --quality 4 --reliability=5 -m "tidy"', { quality: 4, reliability: 5, message: 'tidy' }],
    // Tables below a command are about something else.
    ['/wl stamp quality=4⏎⏎| Metric | After |⏎|---|---|⏎| reliability | 5 |', { quality: 4 }],
    ['/wl stamp quality=4 tested on M1, great, falls back gracefully', { quality: 4 }],
    ['/wl stamp quality=4 the docs provided are great', { quality: 4 }],
    ['/wl stamp quality=4 just as before', { quality: 4 }],
    ['/wl stamp quality=4 --reliability=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 --reliability 2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 —reliability=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 –reliability=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 (reliability=2)', { quality: 4, reliability: 2 }],
    ['/wl stamp (quality=4, reliability=2)', { quality: 4, reliability: 2 }],
    ['/wl stamp [reliability=2] quality=4', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 **reliability**=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 **reliability=2**', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 **reliability:** 2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 _reliability_=2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 reliability＝2', { quality: 4, reliability: 2 }],
    ['/wl stamp quality=4 reliability：２', { quality: 4, reliability: 2 }],
    ['/wl stamp ＠carol quality=4', { person: 'carol', quality: 4 }],
    ['/wl stamp @bob: quality=4', { person: 'bob', quality: 4 }],
    ['/wl stamp @bob, quality=4', { person: 'bob', quality: 4 }],
    ['/wl stamp **@bob** quality=4', { person: 'bob', quality: 4 }],
    ['/wl stamp (@bob) quality=4', { person: 'bob', quality: 4 }],
    ['/wl stamp @renovate[bot] quality=4', { person: 'renovate[bot]', quality: 4 }],
    [`/wl stamp ${ID}. quality=4`, { item: ID, quality: 4 }],
    [`/wl stamp wl:${ID} quality=4`, { item: ID, quality: 4 }],
    [`/wl stamp ${ID}: quality=4`, { item: ID, quality: 4 }],
    ['/wl stamp 4', { quality: 4 }],
    ['/wl stamp 4/5', { quality: 4 }],
    ['/wl stamp 4.0', { quality: 4 }],
    ['/wl stamp ４', { quality: 4 }],
    ['/wl stamp @bob 5', { person: 'bob', quality: 5 }],
    ['/wl stamp 4!', { quality: 4 }],
    ['/wl stamp 4 👍', { quality: 4 }],
    ['/wl stamp 4 :tada:', { quality: 4 }],
    ['/wl stamp 4 thanks a lot', { quality: 4 }],
    ['/wl stamp 4 great work, thanks!', { quality: 4 }],
    ['/wl stamp 4 nice', { quality: 4 }],
    ['/wl stamp 4, sehr gute Arbeit, danke!', { quality: 4 }],
    ['/wl stamp 4 - well done', { quality: 4 }],
    ['/wl stamp 4 "well done"', { quality: 4, message: 'well done' }],
    ['/wl stamp 4 stars', { quality: 4 }],
    ['/wl stamp 1 star', { quality: 1 }],
    ['/wl stamp 4 ⭐', { quality: 4 }],
    ['/wl stamp 4 of 5', { quality: 4 }],
    ['/wl stamp 4 out of 5', { quality: 4 }],
    ['/wl stamp 4 out of 5 stars, great!', { quality: 4 }],
    ['/wl stamp 4 / 5', { quality: 4 }],
    ['/wl stamp 4 out of five', { quality: 4 }],
    ['/wl stamp quality=4 of 5', { quality: 4 }],
    ['/wl stamp quality: 4 out of 5, reliability: 3 of 5', { quality: 4, reliability: 3 }],
    ['/wl stamp quality 4 of 5 reliability 3', { quality: 4, reliability: 3 }],
    ['/wl stamp quality 4 stars', { quality: 4 }],
    ['/wl stamp q:4 r:3', { quality: 4, reliability: 3 }],
    ['/wl stamp q=4, r=3', { quality: 4, reliability: 3 }],
    ['/wl stamp q 4 r 3', { quality: 4, reliability: 3 }],
    ['/wl stamp quality=4 conf=0.5 sev=root', { quality: 4, confidence: 0.5, severity: 'root' }],
    ['/wl stamp quality=4 skills=go thanks', { quality: 4, skills: ['go'] }],
    ['/wl stamp quality=4 better than before', { quality: 4 }],
    ['/wl stamp quality=4 and creativity=5', { quality: 4, creativity: 5 }],
    ['/wl stamp quality=４，reliability=５。', { quality: 4, reliability: 5 }],
    ['/wl stamp quality=4。', { quality: 4 }],
    ['/wl stamp quality=4 message="why not?"', { quality: 4, message: 'why not?' }],
    ['/wl stamp quality=4 message="not bad"', { quality: 4, message: 'not bad' }],
    ['/wl stamp quality=4 "~~not~~ good"', { quality: 4, message: '~~not~~ good' }],
    ['/wl stamp 4 reliability=3', { quality: 4, reliability: 3 }],
    ['/wl stamp quality 4', { quality: 4 }],
    ['/wl stamp Quality: 4', { quality: 4 }],
    ['/wl stamp q=4', { quality: 4 }],
    ['/wl stamp --quality=4', { quality: 4 }],
    ['/wl stamp quality=5.', { quality: 5 }],
    ['/wl stamp quality=5!', { quality: 5 }],
    ['/wl stamp quality=5,', { quality: 5 }],
    ['/wl stamp quality=5;', { quality: 5 }],
    ['/wl stamp quality=4/5', { quality: 4 }],
    ['/wl stamp quality=4.0', { quality: 4 }],
    ["/wl stamp quality='5'", { quality: 5 }],
    ['/wl stamp quality=４', { quality: 4 }],
    ['/wl stamp quality=4\u200b', { quality: 4 }],
    ['/wl stamp quality=5, creativity=4', { quality: 5, creativity: 4 }],
    ['/wl stamp quality=5,creativity=4', { quality: 5, creativity: 4 }],
    ['/wl stamp quality=5; creativity=4', { quality: 5, creativity: 4 }],
    ['/wl stamp quality=5, great work', { quality: 5 }],
    ['/wl stamp quality=5 skills=go,docs, creativity=4', { quality: 5, skills: ['go', 'docs'], creativity: 4 }],
    ['/wl stamp quality=5 "great work"', { quality: 5, message: 'great work' }],
    ['/wl stamp "great work" quality=5', { quality: 5, message: 'great work' }],
    ['/wl stamp quality=5 ‘great work’', { quality: 5, message: 'great work' }],
    ["/wl stamp quality=5 message='Great'", { quality: 5, message: 'Great' }],
    ["/wl stamp quality=5 message='Great work'", { quality: 5, message: 'Great work' }],
    ['/wl stamp quality=5 message=‘Great work’', { quality: 5, message: 'Great work' }],
    ["/wl stamp quality=5 message='don't stop'", { quality: 5, message: "don't stop" }],
    ['/wl stamp quality=5 msg="ok"', { quality: 5, message: 'ok' }],
    ['/wl stamp quality=5 message "very good"', { quality: 5, message: 'very good' }],
    ['/wl stamp quality=4 message="great⏎work"', { quality: 4, message: 'great work' }],
    [
      '/wl stamp quality=4 message="one⏎two⏎three" creativity=5',
      { quality: 4, message: 'one two three', creativity: 5 },
    ],
    ['/wl stamp quality=4 \\⏎  creativity=5', { quality: 4, creativity: 5 }],
    ['/wl stamp quality=4⏎creativity=5⏎message="nice"', { quality: 4, creativity: 5, message: 'nice' }],
    ['/wl stamp⏎quality=4', { quality: 4 }],
    ['/wl stamp⏎quality 4⏎reliability 5', { quality: 4, reliability: 5 }],
    ['/wl stamp⏎- quality: 4⏎- **reliability**: 5', { quality: 4, reliability: 5 }],
    ['/wl stamp, quality=4', { quality: 4 }],
    ['/wl stamp: quality=4', { quality: 4 }],
    ['**/wl stamp quality=4**', { quality: 4 }],
    ['- /wl stamp quality=4', { quality: 4 }],
    ['1. **/wl stamp quality=4**', { quality: 4 }],
    ['\u200b/wl stamp quality=4', { quality: 4 }],
    ['/wl stamp quality=4 Thank you, great work!', { quality: 4 }],
    ['/wl stamp quality=4 👍 :tada: :)', { quality: 4 }],
    ['/wl stamp quality=4 I like `parse`', { quality: 4 }],
    ['/wl stamp quality=4 I saw [this](https://example.com)', { quality: 4 }],
    ['/wl stamp quality=4⏎⏎Thank you: great work', { quality: 4 }],
    ['/wl stamp quality=4⏎---', { quality: 4 }],
    ['/wl stamp quality=4⏎Thanks, good quality work.', { quality: 4 }],
  ])('%s', async (text, args) => {
    expect(await said(text)).toEqual({ stamp: args })
  })

  it.each<[string, object]>([
    ['/wl promote @bob 2 "Good stamps"', { promote: { person: 'bob', level: 2, reason: 'Good stamps' } }],
    ['/wl promote @bob level 2 reason: "Good stamps"', { promote: { person: 'bob', level: 2, reason: 'Good stamps' } }],
    ['/wl post effort=S', { post: { effort: 'small' } }],
    ['/wl post size: XL', { post: { effort: 'epic' } }],
    ['/wl post priority=P1', { post: { priority: 1 } }],
    ['/wl post type=Bug effort=S', { post: { type: 'bug', effort: 'small' } }],
    ['/wl post type: feat', { post: { type: 'feature' } }],
    ['/wl post --effort=epic priority:0 tags:go', { post: { effort: 'epic', priority: 0, tags: ['go'] } }],
    ['/wl post "Make it faster"', { post: { title: 'Make it faster' } }],
    ['/wl post bounty effort small', { post: { bounty: 'bounty', effort: 'small' } }],
    ['/wl post please', { post: {} }],
    ['/wl reject "The tests fail"', { reject: { reason: 'The tests fail' } }],
    ['/wl board typescript', { board: { tag: 'typescript' } }],
    ['/wl board tag:typescript', { board: { tag: 'typescript' } }],
    [`/wl claim wl:${ID}`, { claim: { item: ID } }],
    ['/wl claim please!', { claim: {} }],
    ['/wl done evidence=https://example.org/a?b=c.', { done: { evidence: 'https://example.org/a?b=c.' } }],
    [`/wl done evidence=https://x.y/a,item=${ID}`, { done: { evidence: `https://x.y/a,item=${ID}` } }],
    [`/wl done evidence=https://x.y/a;item=${ID}`, { done: { evidence: `https://x.y/a;item=${ID}` } }],
    [`/wl done evidence=https://x.y/a, item=${ID}`, { done: { evidence: 'https://x.y/a', item: ID } }],
    [`/wl done item=${ID},evidence=https://x.y/a`, { done: { evidence: 'https://x.y/a', item: ID } }],
    ['/wl done evidence=https://x.y/~bob/', { done: { evidence: 'https://x.y/~bob/' } }],
    ['/wl status?', { status: {} }],
    ['/wl help stamp?', { help: { command: 'stamp' } }],
    ['/wl claim ?', { help: { command: 'claim' } }],
    ['/wl decline?', { decline: {} }],
    ['/wl agent @clawd no', { agent: { person: 'clawd', no: 'no' } }],
    ['/wl promote @bob 2, "Good"', { promote: { person: 'bob', level: 2, reason: 'Good' } }],
    ['/wl help /wl stamp', { help: { command: 'stamp' } }],
    ['/wl stamp --help', { help: { command: 'stamp' } }],
    ['/wl stamp -h', { help: { command: 'stamp' } }],
    ['/wl stamp help', { help: { command: 'stamp' } }],
    ['/wl accept help', { help: { command: 'stamp' } }],
    ['/wl --help', { help: {} }],
    ['/wl ?', { help: {} }],
    ['/wl link help', { link: { handle: 'help' } }],
    ['/wl link handle=not', { link: { handle: 'not' } }],
  ])('%s', async (text, command) => {
    expect(await said(text)).toEqual(command)
  })
})

describe('what cannot be told is refused with the line that is right, ready to copy', () => {
  it.each<[string, string | undefined]>([
    ['/wl stamp carol quality=4', '/wl stamp @carol quality=4'],
    ['/wl stamp https://github.com/carol quality=4', '/wl stamp @carol quality=4'],
    ['/wl stamp quality=4 reason="x"', '/wl stamp quality=4 message="x"'],
    ['/wl stamp qualtiy=4', '/wl stamp quality=4'],
    ['/wl stamp qualtiy:4 creativty=5', '/wl stamp quality=4 creativity=5'],
    ['/wl stamp "quality=4"', '/wl stamp quality=4'],
    ['/wl stamp q4', '/wl stamp quality=4'],
    ['/wl stamp q4 r3 c5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp q4, r3, c5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp q=4 r=3 c=5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp 4/3/5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp 4 3 5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp 4, 3, 5', '/wl stamp quality=4 reliability=3 creativity=5'],
    ['/wl stamp @bob 2/3/1', '/wl stamp @bob quality=2 reliability=3 creativity=1'],
    ['/wl stamp 2 commits look wrong to me', '/wl stamp quality=2 message="commits look wrong to me"'],
    ['/wl stamp 2 great commits', '/wl stamp quality=2 message="great commits"'],
    ['/wl stamp 3 of 5 tests fail', '/wl stamp quality=3 message="tests fail"'],
    ['/wl stamp @bob 1 file is missing', '/wl stamp @bob quality=1 message="file is missing"'],
    ['/wl stamp quality 2 commits', '/wl stamp quality=2 message="commits"'],
    ['/wl stamp quality is 4', '/wl stamp quality=4'],
    ['/wl stamp quality to 3', '/wl stamp quality=3'],
    ['/wl stamp quality four', '/wl stamp quality=4'],
    ['/wl stamp quality=three', '/wl stamp quality=3'],
    ['/wl stamp quality: two stars', '/wl stamp quality=2'],
    ['/wl stamp four', '/wl stamp quality=4'],
    ['/wl stamp five out of five', '/wl stamp quality=5'],
    ['/wl stamp ⭐⭐⭐', '/wl stamp quality=3'],
    ['/wl stamp ★★★★☆', '/wl stamp quality=4'],
    ['/wl stamp quality=⭐⭐', '/wl stamp quality=2'],
    ['/wl stamp 4️⃣', '/wl stamp quality=4'],
    ['/wl stamp quality=4 confidence=80%', '/wl stamp quality=4 confidence=0.8'],
    ['/wl stamp quality=4 confidence 95 %', undefined],
    ['/wl stamp quality=4 confidence=0,8', '/wl stamp quality=4 confidence=0.8'],
    ['/wl stamp quality=4 confidence .8', '/wl stamp quality=4 confidence=0.8'],
    ['/wl stamp quality=4 leaf', '/wl stamp quality=4 severity=leaf'],
    ['/wl promote @bob two "Good"', '/wl promote @bob level=2 reason="Good"'],
    ['/wl correct quality to 5 reason="x"', '/wl correct quality=5 reason="x"'],
    ['/wl correct 5 because I overlooked a test', '/wl correct quality=5 reason="I overlooked a test"'],
    ['/wl stamp quality=4 skills=a and b', '/wl stamp quality=4 skills=a,b'],
    ['/wl stamp quality=4 skills=a, b', '/wl stamp quality=4 skills=a,b'],
    ['/wl stamp quality=4 skills=a, b and c', '/wl stamp quality=4 skills=a,b,c'],
    ['/wl stamp quality=4 skills: a b', '/wl stamp quality=4 skills=a,b'],
    ['/wl stamp quality=4 skills=a & b', '/wl stamp quality=4 skills=a,b'],
    ['/wl stamp quality=4 skills="a" and b', '/wl stamp quality=4 skills=a,b'],
    ['/wl stamp quality=4 skills=a + b creativity=5', '/wl stamp quality=4 skills=a,b creativity=5'],
    ['/wl post tags=rust sql', '/wl post tags=rust,sql'],
    ['/wl post P1', '/wl post priority=1'],
    ['/wl post effort=S P1', '/wl post effort=small priority=1'],
    ['/wl claim?', '/wl claim'],
    ['/wl claim please?', '/wl claim'],
    ['/wl claim is it free?', '/wl claim'],
    ['/wl agent?', '/wl agent'],
    ['/wl post?', '/wl post'],
    ['/wl stamp quality=4 and reliability five', '/wl stamp quality=4 reliability=5'],
    ['/wl stamp quality=4⏎reliability two', '/wl stamp quality=4 reliability=2'],
    ['/wl stamp quality four and reliability five', '/wl stamp quality=4 reliability=5'],
    ['/wl stamp quality 4 and reliability two', '/wl stamp quality=4 reliability=2'],
    ['/wl post effort=small and priority one', '/wl post effort=small priority=1'],
    ['/wl post bug, small', '/wl post type=bug effort=small'],
    ['/wl post priority=1, small', '/wl post priority=1 effort=small'],
    ['/wl update effort large and priority one', '/wl update effort=large priority=1'],
    ['/wl stamp 4?', '/wl stamp quality=4'],
    ['/wl stamp 4 ?', '/wl stamp quality=4'],
    ['/wl stamp quality=4?', '/wl stamp quality=4'],
    ['/wl stamp quality 4?', '/wl stamp quality=4'],
    ['/wl stamp quality=4 ok？', '/wl stamp quality=4'],
    ['/wl stamp? quality=4', '/wl stamp quality=4'],
    ['/wl stamp @bob? quality=4', '/wl stamp @bob quality=4'],
    ['/wl stamp quality=4 message="x" right?', '/wl stamp quality=4 message="x"'],
    ['/wl stamp quality4 reliability=3', '/wl stamp quality=4 reliability=3'],
    ['/wl stamp `quality=4`', '/wl stamp quality=4'],
    ['/wl stamp quality=4 `reliability=2`', '/wl stamp quality=4 reliability=2'],
    ['/wl stamp quality=4 message=great work', '/wl stamp quality=4 message="great work"'],
    ['/wl stamp message=great work quality=4', '/wl stamp message="great work" quality=4'],
    ['/wl stamp quality=4 skills=go, docs', '/wl stamp quality=4 skills=go,docs'],
    ['/wl post Make it faster', '/wl post title="Make it faster"'],
    ['/wl post effort=S Make it faster', '/wl post effort=small title="Make it faster"'],
    ['/wl reject The tests fail', '/wl reject reason="The tests fail"'],
    ['/wl agent clawd', '/wl agent @clawd'],
    ['/wl promote bob to level=2 reason="x"', '/wl promote @bob level=2 reason="x"'],
    ['/wl stamp 5 for quality', '/wl stamp quality=5'],
    ['/wl stamp five on quality', '/wl stamp quality=5'],
    ['/wl stamp 5/5 for quality and 3 out of 5 for reliability', '/wl stamp quality=5 reliability=3'],
    [
      '/wl stamp 5 for quality, 4 for creativity, message: great work',
      '/wl stamp quality=5 creativity=4 message="great work"',
    ],
    ['/wl correct quality should have been 3, a test failed', '/wl correct quality=3 reason="a test failed"'],
    ['/wl update priority should be 1', '/wl update priority=1'],
    ['/wl update effort must be small', '/wl update effort=small'],
    ['/wl stamp great work quality=4', '/wl stamp quality=4 message="great work"'],
    ['/wl stamp great work quality=4 well tested', '/wl stamp quality=4 message="great work well tested"'],
    ['/wl stamp great work quality=4 message="x"', undefined],
    ['/wl stamp great work quality=4 reliability=9', undefined],
    ['/wl stamp for @bob quality=4', '/wl stamp @bob quality=4'],
    ['/wl stamp with quality=4', '/wl stamp quality=4'],
    ['/wl stamp great and really nice work quality=4', '/wl stamp quality=4 message="great and really nice work"'],
    ['/wl stamp 4 for quality, i doubt it', '/wl stamp quality=4 message="i doubt it"'],
    ['/wl stamp quality four was my first thought', '/wl stamp quality=4 message="was my first thought"'],
    ['/wl correct from 4 to 3 reason="a test was missing"', '/wl correct quality=3 reason="a test was missing"'],
    ['/wl correct quality from 4 to 3 reason="x"', '/wl correct quality=3 reason="x"'],
    ['/wl stamp qualité=4 fiabilité=5', '/wl stamp quality=4 reliability=5'],
    ['/wl reject reson: it crashes', '/wl reject reason="it crashes"'],
    ['/wl post bounty 50$', '/wl post bounty'],
    ['/wl post with high priority, small effort', '/wl post effort=small priority=…'],
    ['/wl post priority=1 and a small effort', '/wl post priority=1 effort=small'],
    [
      '/wl post as a small bug, high priority, tags docs and typescript',
      '/wl post effort=small type=bug tags=docs,typescript priority=…',
    ],
    ['/wl stamp quality=4 thanks @bob', undefined],
    ['/wl stamp nice and quality=4', '/wl stamp quality=4 message="nice"'],
    [`/wl claim please ${ID}`, `/wl claim ${ID}`],
    ['/wl done here is my work: https://x.y/z', '/wl done evidence="here is my work: https://x.y/z"'],
    ['/wl post bug: crash on start', '/wl post title="bug: crash on start"'],
    ['/wl reject needs: tests', '/wl reject reason="needs: tests"'],
    ['/wl post foo=bar', undefined],
    ['/wl correct 3', '/wl correct quality=3 reason="…"'],
    ['/wl correct the quality=3', '/wl correct quality=3 reason="…"'],
    ['/wl promote @bob', '/wl promote @bob level=… reason="…"'],
    ['/wl stamp 4 for creativity', '/wl stamp creativity=4 quality=…'],
    ['/wl close it confirm', undefined],
    // What stands before a name, or before what ends something, may say how it is meant.
    ['/wl suspend all but @alice', undefined],
    ['/wl suspend by @alice', undefined],
    ['/wl suspend reason="spam" as @admin asked', undefined],
    ['/wl suspend nobody reason="x"', undefined],
    ['/wl suspend bob reason="x"', undefined],
    ['/wl suspend immediately reason="x"', undefined],
    ['/wl stamp soon quality=4', undefined],
    ['/wl stamp 3 to 4', undefined],
    ['/wl stamp quality 3 → 4', undefined],
    ['/wl stamp reduce quality from 4 to 3', undefined],
    ['/wl update tags to docs', undefined],
    ['/wl update tags add docs', undefined],
    ['/wl update tags-=docs', undefined],
    ['/wl update small large priority', undefined],
    ['/wl post tags docs not typescript', undefined],
    ['/wl unclaim? I am still on it', undefined],
    ['/wl close duplicate ❌', undefined],
    ['/wl reject if not fixed by tomorrow', undefined],
    ['/wl update quality=5', undefined],
    ['/wl stamp high quality=4', undefined],
    ['/wl stamp⏎⏎| what | score |⏎|---|---|⏎| quality | 4 |', undefined],
    ['/wl correct message="nice" reason="forgot the message"', undefined],
    ['/wl stamp excellent quality=4', '/wl stamp quality=4 message="excellent"'],
    ['/wl stamp @bob great, tests were thorough', '/wl stamp @bob message="great, tests were thorough" quality=…'],
    [
      '/wl stamp quality=4? great work but a test is missing',
      '/wl stamp quality=4 message="great work but a test is missing"',
    ],
    ['/wl suspend @bob does not stop spamming', '/wl suspend @bob reason="does not stop spamming"'],
    ['/wl post as bounty', '/wl post bounty'],
    ['/wl post 修', '/wl post title="修"'],
    ['/wl update title Count loops twice', '/wl update title="Count loops twice"'],
    ['/wl done tests for windows', '/wl done evidence="tests for windows"'],
    ['/wl suspend @bob not yet', undefined],
    ['/wl promote @bob not', undefined],
    ['/wl promote bob and me level=2 reason="x"', undefined],
    [`/wl withdraw everything except ${ID} confirm`, undefined],
    ['/wl withdraw duplicate of w-1111111111', undefined],
    ['/wl withdraw see w-1111111111 confirm', undefined],
    [`/wl unclaim for ${ID}`, undefined],
    ['/wl undo everything but s-0123456789abcdef', undefined],
    ['/wl reject duplicate of c-0123456789abcdef', undefined],
    ['/wl stamp 1 of 5 for confidence quality=3', undefined],
    ['/wl stamp 4 for quality would be wrong', undefined],
    ['/wl stamp nothing like 4 for quality', undefined],
    ['/wl stamp far from 4 for quality', undefined],
    ['/wl stamp at most quality=4', undefined],
    ['/wl stamp less than quality=4', undefined],
    ['/wl stamp quality=3 more reliability=2', undefined],
    ['/wl stamp quality=2 see @bob', undefined],
    ['/wl stamp fast and good quality=4', undefined],
    ['/wl stamp would be quality=4', undefined],
    ['/wl stamp great quality=4 work reliability=3', undefined],
    ['/wl update remove tags=go', undefined],
    ['/wl update tags+=windows', undefined],
    ['/wl post this issue effort=small', undefined],
    ['/wl correct quality was 4 reason="x"', undefined],
    ['/wl correct quality=5 reason="too harsh" message="Great tests"', undefined],
  ])('%s', async (text, line) => {
    const answer = await error(text)
    if (line === undefined) return expect(answer).not.toContain('```')
    expect(answer).toContain(`\`\`\`\n${line}\n\`\`\``)
    // What is missing stands in the place of `…`, and is not taken as it stands.
    if (line.includes('…')) expect(await read(line)).toHaveProperty('error')
    expect(await read(line.replace('level=…', 'level=2').replace('=…', '=4').replace('"…"', '"x"'))).toMatchObject({
      isPlain: true,
    })
  })

  it('two commands on one line, neither of which runs', async () => {
    const text = await error('/wl stamp quality=4 /wl status')
    expect(text).toContain('two commands stand on one line, so neither was run')
    expect(text).toContain('```\n/wl stamp quality=4\n/wl status\n```')
    expect(await said('/wl stamp quality=4 message="see /wl help"')).toEqual({
      stamp: { quality: 4, message: 'see /wl help' },
    })
  })
})

describe('what cannot be told is refused, and no value is made up', () => {
  it.each([
    ['/wl stamp with quality=4 for carol', '`for carol` is not read'],
    ['/wl stamp quality=4 for carol', 'a person is written with an `@`'],
    ['/wl stamp @bob @carol quality=4', 'it has `@bob` already'],
    ['/wl stamp person=@bob @eve quality=4', 'is not something this command can act on'],
    ['/wl claim @bob', '`claim` is for oneself, so `@bob` comments `/wl claim`'],
    ['/wl claim this for my colleague dan', '`claim` is for oneself'],
    ['/wl unclaim @bob', '`@bob` is not read: `unclaim` names no person'],
    ['/wl claim for a friend', '`claim` is for oneself'],
    ['/wl claim on behalf of bob', '`claim` is for oneself'],
    ['/wl sheet dan, carol', 'one command is about one, and this has `'],
    ['/wl stamp⏎⏎| what | score |⏎|---|---|⏎| quality | 4 |', 'a table is not read'],
    ['/wl suspend @bob⏎⏎| Reason | Count |⏎|--|--|⏎| spam | 3 |', 'a table is not read'],
    ['/wl stamp quality=4 skills=none', 'where there are none, leave the option out'],
    ['/wl update quality=5', 'a stamp of yours is changed by `/wl correct`'],
    [
      '/wl please stamp quality=4',
      'There is no command `please`, so nothing was done. Did you mean `/wl stamp quality=4`?',
    ],
    ['/wl I want to claim this', 'Did you mean `/wl claim this`?'],
    ['/wl show board', 'Did you mean `/wl board`?'],
    ['/wl stamp quality=4 soon', '`soon` may cancel the command'],
    ['/wl stamp quality=4 ok, if merged', 'may cancel the command'],
    ['/wl stamp quality=4 good, pending CI', 'may cancel the command'],
    ['/wl stamp quality=4 nur wenn CI grün', 'may cancel the command'],
    ['/wl stamp quality=4 but only once CI is green', 'may cancel the command'],
    ['/wl stamp quality=4, sobald CI grün ist', 'may cancel the command'],
    ['/wl stamp quality=4 great work, provided that the tests pass', 'may cancel the command'],
    ['/wl reject spam 👎', 'may cancel the command'],
    ['/wl claim #12', 'an item is named by its id'],
    ['/wl claim bob', '`bob` is not read'],
    ['/wl unclaim bob', '`bob` is not read'],
    ['/wl undo bob', '`bob` is not read'],
    [`/wl stamp this ${ID} quality=4`, '`this` stands before an option'],
    [`/wl stamp quality=4 “${ID}”`, 'is in quotes'],
    [`/wl stamp \`${ID}\` quality=4`, 'not read in a command'],
    [`/wl stamp [${ID}](https://example.com) quality=4`, 'not read in a command'],
    [`/wl status ${ID}`, 'is not something this command can act on'],
    ['/wl stamp quality=4 5', '`5` is a number that no option takes here'],
    ['/wl stamp 4 5', '`5` is a number'],
    ['/wl stamp quality=4 3 files were changed', '`3` is a number'],
    ['/wl stamp 4/10', '`4/10` is a number that `quality` does not take; expected a whole number from 1 to 5'],
    ['/wl stamp 4.5', '`4.5` is a number'],
    ['/wl stamp 4-5', '`4-5` is a number'],
    ['/wl stamp quality=4 message great', '`message` is the name of an option'],
    ['/wl stamp quality=4 thanks, reliability 2 though', 'though'],
    ['/wl stamp quality=⭐⭐⭐⭐', 'expected a whole number from 1 to 5'],
    ['/wl stamp quality=4 confidence=0,8', 'expected a number from 0 to 1'],
    ['/wl stamp quality=4 confidence=80%', 'expected a number from 0 to 1'],
    ['/wl stamp quality=4 severity high', '`severity=high` is not possible; expected one of leaf, branch, root'],
    ['/wl stamp quality=4 --force', '`--force` looks like an option'],
    ['/wl stamp quality=4 see https://example.com', 'is a link'],
    ['/wl stamp quality=4 thanks @bob', '`thanks` stands before an option'],
    ['/wl stamp @bob quality=4 thanks @eve', 'is not something'],
    ['/wl stamp quality=4 fixes #12', '`#12` is not read'],
    ['/wl stamp quality=4 score=5', 'there is no option `score`'],
    ['/wl stamp quality=4 colour:red', 'there is no option `colour`'],
    ['/wl stamp quality=4 `@carol`', 'not read in a command'],
    ['/wl stamp quality=4 good <b>reliability=2</b>', 'reliability'],
    ['/wl stamp quality=4 message="ok" "and more"', '`message` is given already'],
    ["/wl stamp quality=4 message='the users' choice'", 'its quotes do not pair'],
    ['/wl stamp quality=4 he said "great work"', 'stands before an option'],
    ['/wl stamp quality=4⏎quality=5', '`quality` is given twice'],
    ['/wl stamp quality=4⏎reliability=good', 'expected a whole number'],
    ['/wl post priority=high', 'from 0 (highest) to 4'],
    ['/wl post effort=2h', 'expected one of trivial'],
    ['/wl post $50', '`$50` is not read'],
    ['/wl board typescript docs', 'write `tag=…` with one word'],
    ['/wl promote bob 2', 'did you mean `@bob`?'],
    ['/wl link @mia', 'expected the handle of a rig without `@`'],
    ['/wl unlink @mia', '\n/wl unlink mia\n'],
    ...[
      '~~reliability=2~~',
      '~~reliability~~=2',
      '~reliability=2~',
      '~~reliability=2',
      'reliability=~~2~~',
      'reliability=2~~3~~',
    ].map((struck) => [`/wl stamp quality=4 ${struck}`, 'has `~`, which strikes text out, so it is not read']),
    ...[
      '~~@bob~~ quality=4',
      '~@bob~ quality=4',
      '~~4~~',
      '~~quality 4~~',
      '4 ~~thanks~~',
      '(~~@bob~~) quality=4',
      '**~~@bob~~** quality=4',
    ].map((struck) => [`/wl stamp ${struck}`, 'which strikes text out']),
    ['/wl stamp quality=4 message="x"~~', 'which strikes text out'],
    ['/wl decline ~~confirm~~', 'which strikes text out'],
    ['/wl decline ~~please confirm now~~', 'which strikes text out'],
    ['/wl decline ~~ confirm ~~', '`confirm`'],
    [`/wl claim ~~${ID}~~`, 'which strikes text out'],
    ...[
      'stamp 5 NOT',
      'stamp quality=4 without reliability',
      'stamp not quality=4',
      'stamp do not stamp',
      'stamp dont',
      'stamp never',
      'stamp quality=4 not really',
      'stamp quality=4 I don’t like it',
      "stamp 4 but don't merge",
      'stamp quality=4 👎',
      'stamp 4 ❌',
      'stamp ❌ quality=4',
      'stamp 👎 @bob 4',
      'reject ❌ "good"',
      'stamp no 4',
      'stamp 4 no',
      'stamp quality=4 no wait',
      'stamp quality=4 just kidding',
      'stamp quality=4 <b>not</b>',
      'claim not',
      'claim no thanks',
      'claim never mind',
      'undo not',
      'join not yet',
      'agent dont',
      'link not',
      'unlink never',
    ].map((denied) => [
      `/wl ${denied}`,
      denied.includes('<b>') ? 'are not read in a command' : 'may cancel the command, or make it uncertain',
    ]),
    ...[
      'stamp 4 once the tests pass',
      'stamp quality=4 if it is green',
      'stamp quality=4 when merged',
      'claim if nobody else does',
      'claim maybe',
      'claim later',
      'stamp quality=4 or 5',
      'stamp quality=4 severity=leaf or branch',
      'post effort=small or medium',
    ].map((left) => [`/wl ${left}`, 'may cancel the command, or make it uncertain']),
    ['/wl stamp 4 5', '`4 5` leaves open what the number is for'],
    ['/wl stamp 8 of 10', '`8` is a number that `quality` does not take'],
    ['/wl stamp 4 of 10', '`4 of 10` is on another scale'],
    ['/wl stamp quality=4 of 10', '`4 of 10` is on another scale'],
    ['/wl stamp quality 4 out of 6', '`4 of 6` is on another scale'],
    ['/wl stamp 80%', '`80%` is a number that `quality` does not take'],
    ['/wl stamp quality=80%', '`quality=80%` is not possible; expected a whole number from 1 to 5'],
    ['/wl stamp 4 of 10 for quality', '`4 of 10` is on another scale'],
    ['/wl stamp 4 for bob', 'leaves open what the number is for'],
    ['/wl stamp quality=4 message="…"', 'expected words of your own in the place of `…`'],
    ['/wl stamp 4,5', '`4,5` is a number that `quality` does not take'],
    ['/wl stamp quality=4,5', '`quality=4,5` is not possible'],
    ['/wl stamp quality 4.5', '`quality=4.5` is not possible'],
    ['/wl stamp quality>=4', 'looks like an option, and is none'],
    ['/wl stamp quality!=4', 'looks like an option, and is none'],
    ['/wl stamp quality 4 but reliability only 2', '`reliability` is the name of an option'],
    ['/wl stamp quality=4 skills=go,sql great work', '`skills` seems to go on'],
    ['/wl stamp quality=4 skills go and sql', '`skills` is the name of an option'],
    ['/wl board tag=typescript docs', '`tag` seems to go on'],
    ['/wl post priority high', '`priority=high` is not possible; expected a whole number from 0 (highest) to 4'],
    ['/wl post type bug effort small priority high', '`priority=high` is not possible'],
    ['/wl stamp quality=4 @bob and carol', '`and carol` is not read'],
    ['/wl stamp nice and quality=4', '`nice` is not read: a remark stands in quotes'],
    ['/wl stamp quality=4 but lower the reliability', '`reliability` is the name of an option'],
    ['/wl stamp quality=4 with skills rust and sql', '`skills` is the name of an option'],
    ['/wl stamp quality=4 nice quality five', '`quality` is the name of an option'],
    ['/wl stamp quality=4⏎nice⏎reliability=3', '`nice` is not read: a remark stands in quotes'],
    ['/wl post Fix the priority of jobs', 'write `priority=…`, and a title in quotes'],
    ['/wl post this one is urgent!', 'an option is written as `priority=1`'],
    ['/wl link to @eve', 'expected the handle of a rig without `@`'],
    ['/wl don’t stamp this yet', 'seems to take something back, so nothing was done'],
    ['/wl do not stamp', 'seems to take something back, so nothing was done'],
  ])('%s', async (text, why) => {
    expect(await error(text)).toContain(why)
  })

  it.each([
    '/wl post type bug effort small priority high',
    '/wl post priority high',
    '/wl stamp 4.5',
    '/wl stamp 8/10',
    '/wl stamp 80%',
    '/wl stamp quality=4 or 5',
    '/wl post effort=small or medium',
    '/wl stamp quality=4 skills=go,sql great work',
    '/wl stamp 5 NOT',
    '/wl decline ~~confirm~~',
    '/wl done evidence=<https://x.y/z>',
    '/wl stamp quality=4 message=<!-- x --> y',
    '/wl post A <b>bold</b> title',
    '/wl post A `code` title',
    '/wl stamp message=good [work](https://x.y) quality=4',
  ])('of %s no line is ready to copy', async (text) => {
    expect(await error(text)).not.toContain('```\n/wl')
  })

  it.each(['and', 'for', 'dont', 'with', 'not', 'see', 'the', 'my', 'this', 'is', 'on', 'to'])(
    '`%s` is taken for no login',
    async (word) => {
      for (const line of [`/wl stamp ${word} quality=4`, `/wl stamp quality=4 ${word} @bob`, `/wl agent ${word}`])
        if (word !== 'this' || !line.includes('agent')) expect(await error(line)).not.toContain(`@${word}`)
    },
  )

  it('a word that does not stand right behind the command is taken for no login', async () => {
    expect(await error('/wl stamp quality=4 carol reliability=3')).not.toContain('@carol')
  })

  it('what reorders a line is not shown', async () => {
    for (const line of [
      '/wl stamp quality=\u202e5',
      '/wl \u202epmats',
      '/wl stamp \u202ecarol\u202c quality=4',
      '/wl claim \u2066@bob',
    ])
      expect(await error(line)).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  })

  it.each(['/wl rate 5 stuff', '/wl approve quality=five and more', '/wl score 2 out of 10'])(
    'after another number than 4, `quality=4` is no example: %s',
    async (text) => {
      expect(await error(text)).not.toContain('quality=4')
    },
  )

  it('says all faults of a post at once', async () => {
    const text = await error('/wl post effort=2h priority=high type=chore')
    for (const what of ['`effort=2h`', '`priority=high`', '`type=chore`']) expect(text).toContain(what)
  })

  it('says all faults at once', async () => {
    const text = await error('/wl stamp quality=6 reliability=7 colour=red message=" "')
    expect(text).toContain('was not run:\n- ')
    for (const what of ['`colour`', '`quality=6`', '`reliability=7`', '`message=`']) expect(text).toContain(what)
    expect(text).not.toContain('Usage')
    expect(text).toContain('`/wl help stamp` explains it.')
  })
})

describe('a name that is no command', () => {
  it.each([
    ['approve', '/wl stamp'],
    ['lgtm', '/wl stamp'],
    ['rate', '/wl stamp'],
    ['review', '/wl stamp'],
    ['take', '/wl claim'],
    ['assign', '/wl claim'],
    ['create', '/wl post'],
    ['new', '/wl post'],
    ['bounty', '/wl post bounty'],
    ['edit', '/wl update'],
    ['profile', '/wl sheet'],
    ['leaderboard', '/wl sheet'],
    ['info', '/wl status'],
    ['stmap', '/wl stamp'],
    ['staus', '/wl status'],
    ['clam', '/wl claim'],
  ])('%s names what is meant', async (name, line) => {
    expect(await error(`/wl ${name}`)).toContain(`Did you mean \`${line}\``)
  })

  it.each(['cancel', 'delete', 'remove', 'reopen', 'stop'])(
    '%s means several things, which are said in words',
    async (name) => {
      const text = await error(`/wl ${name}`)
      expect(text).toContain('What is meant?')
      expect(text).not.toContain('```')
    },
  )

  it.each(['inf', 'undi', 'reclaim', 'lose', 'forge', 'unlinc', 'injects', 'de', 'x', 'frobnicate', 'ownn', 'cose'])(
    '%s is never guessed to be what ends something',
    async (name) => {
      expect(await error(`/wl ${name}`)).not.toMatch(
        /`\/wl (?:undo|withdraw|decline|forget|close|suspend|unlink|disown|unclaim|reject)/,
      )
    },
  )
})

describe('a name for a command that ends something', () => {
  it.each([
    ['leave confirm', 'decline'],
    ['optout', 'decline'],
    ['unregister', 'decline'],
    ['quit', 'decline'],
    ['revert s-0123456789abcdef', 'undo'],
    ['unstamp', 'undo'],
    ['revoke', 'undo'],
    ['ban @bob reason="x"', 'suspend'],
    ['block @bob reason="x"', 'suspend'],
    ['drop', 'unclaim'],
    [`release ${ID}`, 'unclaim'],
    ['deny reason="x"', 'reject'],
    ['withdrwa confirm', 'withdraw'],
    ['delcine confirm', 'decline'],
  ])('%s names %s, and gives no line that does it', async (said, name) => {
    const text = await error(`/wl ${said}`)
    expect(text).toContain(`Did you mean \`${name}\`?`)
    expect(text).toContain(`\`/wl help ${name}\``)
    expect(text).not.toMatch(/`\/wl (?!help)|```/)
  })

  it('demote, which is the opposite of promote, is said in words', async () => {
    const text = await error('/wl demote @bob level=1 reason="x"')
    expect(text).toContain('`/wl promote` sets a trust level, a lower one too')
    expect(text).not.toContain('```')
  })
})

describe('a question is answered by help', () => {
  it.each<[string, string | undefined]>([
    ['/wl how do I claim this?', 'claim'],
    ['/wl how can I get this assigned?', undefined],
    ['/wl what is quality', 'quality'],
    ['/wl what does reliability mean?', 'reliability'],
    ['/wl what’s severity?', 'severity'],
    ['/wl can I stamp?', 'stamp'],
    ['/wl may I undo that', 'undo'],
    ['/wl who can withdraw', 'withdraw'],
    ['/wl where is the board?', 'board'],
    ['/wl why?', undefined],
    ['/wl do I need help', undefined],
    ['/wl withdraw ?', 'withdraw'],
  ])('%s', async (text, about) => {
    expect(await said(text)).toEqual({ help: about === undefined ? {} : { command: about } })
  })
})

describe('a line that mentions a command', () => {
  it.each([
    ['Nice work! /wl stamp quality=4', 'stamp'],
    ['👍 /wl stamp', 'stamp'],
    ['@bob /wl stamp', 'stamp'],
    ['I’ll say /wl stamp once it is green', 'stamp'],
    ['* [x] /wl stamp', 'stamp'],
    ['## /wl stamp', 'stamp'],
    ['> quote⏎/wl stamp quality=4', 'stamp'],
    ['<details>⏎/wl stamp quality=4', 'stamp'],
    ['/wl: stamp', 'stamp'],
    ['/wl, stamp', 'stamp'],
    ['/wasteland stamp', 'stamp'],
    ['/wl-stamp', 'stamp'],
    ['/stamp', 'stamp'],
    ['wl stamp', 'stamp'],
    ['@wasteland-bridge stamp', 'stamp'],
    ['@wasteland-bridge please stamp this with quality 4', 'stamp'],
    ['@wasteland what can you do?', 'help'],
    ['**/wl stamp** quality=4', 'stamp'],
    ['To stamp it:⏎⏎- /wl stamp quality=4', 'stamp'],
    ['Thanks!⏎⏎**/wl claim**', 'claim'],
    ['`/wl stamp quality=4`', 'stamp'],
    ['```⏎/wl stamp quality=4⏎```', 'stamp'],
    ['~~~sh⏎/wl claim⏎~~~', 'claim'],
    ['    /wl claim', 'claim'],
    ['/wlstamp quality=4', 'stamp'],
    ['/WLclaim', 'claim'],
    ['/ wl stamp 4', 'stamp'],
    ['\\wl stamp 4', 'stamp'],
    ['!wl claim', 'claim'],
    ['.wl claim', 'claim'],
    ['/wl.stamp 4', 'stamp'],
    ['/wl_stamp quality=4', 'stamp'],
    ['/wl/stamp', 'stamp'],
    ['//wl stamp', 'stamp'],
    ['#wl claim', 'claim'],
    ['@wl stamp 4', 'stamp'],
    ['／wl stamp', 'stamp'],
    ['/wll stamp', 'stamp'],
    ['/lw stamp', 'stamp'],
    ['/we stamp quality=4', 'stamp'],
    ['/w1 stamp', 'stamp'],
    ['/w claim', 'claim'],
    ['/wasteland claim', 'claim'],
    ['@wasteland claim!', 'claim'],
    ['@wasteland-bridge, claim', 'claim'],
    ['- /stamp 4', 'stamp'],
    ['wl: claim', 'claim'],
    ['- wl stamp', 'stamp'],
    ['**wl stamp quality=4**', 'stamp'],
    ['To stamp it:⏎⏎1. /wl stamp quality=4', 'stamp'],
    ['| /wl stamp quality=4 |', 'stamp'],
    ['LGTM 🎉 /wl stamp 5', 'stamp'],
    ['Thanks.⏎⏎wl accept 4', 'accept'],
  ])('%s does not run, and is hinted at', async (text, name) => {
    const { commands, mentions } = await parsed(text)
    expect(commands).toEqual([])
    expect(mentions.map((one) => one.name)).toEqual([name])
  })

  it.each([
    ['> quote⏎  /wl stamp quality=4', '/wl stamp quality=4'],
    ['Please `now` /wl stamp', 'Please … /wl stamp'],
  ])('of %s the hint shows %s', async (text, line) => {
    expect((await parsed(text)).mentions.map((one) => one.line)).toEqual([line])
  })

  it.each([
    '/wlx stamp',
    '/wl/board.tsx',
    '/we should stamp',
    '/claim #12',
    'Wasteland board is nice',
    'wl is a program',
    '`/wl stamp`⏎or⏎`/wl claim`',
    '\\/wl stamp quality=4',
    'Write `/wl stamp quality=4` to stamp.',
    'Write "/wl stamp quality=4" to stamp.',
    '> /wl stamp quality=4',
    'So it is done:⏎⏎```⏎/wl stamp⏎```',
    'So it is done:⏎⏎`/wl stamp`',
    '```⏎/wl stamp⏎npm test⏎```',
    '`/wl frobnicate`',
    '[/wl stamp](https://example.com)',
    '/wlan stamp',
    '<!--⏎/wl stamp⏎-->',
    'https://example.com/wl stamp',
    'see docs/wl stamp',
    '/close',
    'the /wl thing',
  ])('%s is silent', async (text) => {
    expect(await parsed(text)).toEqual({ commands: [], mentions: [] })
  })
})

describe('what was understood from the beginning', () => {
  it.each<[string, object]>([
    ['/WL STAMP QUALITY=4', { stamp: { quality: 4 } }],
    ['/Wl stamp quality = 4', { stamp: { quality: 4 } }],
    ['/wl stamp quality:4', { stamp: { quality: 4 } }],
    ['/wl stamp quality＝4', { stamp: { quality: 4 } }],
    ['/wl stamp quality=4 message=“well done”', { stamp: { quality: 4, message: 'well done' } }],
    ['Thank you\r\n/wl stamp quality=4\r\nBye', { stamp: { quality: 4 } }],
    ['  /wl stamp quality=4', { stamp: { quality: 4 } }],
    ['/wl stamp quality=4 🎉', { stamp: { quality: 4 } }],
    ['/wl\u00a0stamp\u00a0quality=4', { stamp: { quality: 4 } }],
    ['/wl accept quality=4', { stamp: { quality: 4 } }],
    [`/wl unclaim wl:${ID}`, { unclaim: { item: ID } }],
    ['/wl stamp quality=4⏎⏎On Monday ada wrote:⏎> /wl reject reason="x"', { stamp: { quality: 4 } }],
    ['```suggestion⏎/wl reject reason="x"⏎```⏎/wl stamp quality=4', { stamp: { quality: 4 } }],
  ])('%j', async (text, command) => {
    expect(await said(text)).toEqual(command)
  })

  it.each([
    ['/wl stamp quality=+4', 'expected a whole number from 1 to 5'],
    ['/wl stamp quality=0', 'expected a whole number from 1 to 5'],
    ['/wl stmap quality=4', 'Did you mean `/wl stamp quality=4`?'],
    ['/wl clami', 'Did you mean `/wl claim`?'],
    ['/wl frobnicate', 'There is no command `frobnicate`. `/wl help` lists them.'],
  ])('%s is refused', async (text, words) => {
    expect(await error(text)).toContain(words)
  })
})

describe('the second word of what cannot be undone', () => {
  it.each<[string, object]>([
    ['/wl decline', { decline: {} }],
    ['/wl decline confirm', { decline: { confirm: 'confirm' } }],
    ['/wl Decline Confirm', { decline: { confirm: 'confirm' } }],
    ['/wl decline confirm.', { decline: { confirm: 'confirm' } }],
    ['/wl decline, confirm!', { decline: { confirm: 'confirm' } }],
    ['/wl decline **confirm**', { decline: { confirm: 'confirm' } }],
    ['/wl decline thanks', { decline: {} }],
    ['/wl forget confirm', { forget: { confirm: 'confirm' } }],
    ['/wl withdraw', { withdraw: {} }],
    [`/wl withdraw ${ID} confirm`, { withdraw: { item: ID, confirm: 'confirm' } }],
    [`/wl withdraw confirm ${ID}`, { withdraw: { item: ID, confirm: 'confirm' } }],
    [`/wl close ${ID} confirm reason="Alone here"`, { close: { item: ID, confirm: 'confirm', reason: 'Alone here' } }],
    ['/wl close confirm "Alone here"', { close: { confirm: 'confirm', reason: 'Alone here' } }],
    ['/wl undo reason="wrong number"', { undo: { reason: 'wrong number' } }],
    ['/wl undo "wrong number"', { undo: { reason: 'wrong number' } }],
    ['/wl join', { join: {} }],
  ])('%s', async (text, args) => {
    expect(await said(text)).toEqual(args)
  })

  it.each([
    ['/wl decline confrim', '`confrim` is not read: the word is `confirm`', '/wl decline confirm'],
    ['/wl decline confirmed', '`confirmed` is not read: the word is `confirm`', '/wl decline confirm'],
    ['/wl decline --confirm', '`--confirm` is not read: the word is `confirm`', '/wl decline confirm'],
    [`/wl withdraw ${ID} comfirm`, '`comfirm` is not read', `/wl withdraw ${ID} confirm`],
    ['/wl withdraw Done elsewhere', 'a text stands in quotes', '/wl withdraw reason="Done elsewhere"'],
  ])('%s is refused, with the line that is right', async (text, words, line) => {
    const answer = await error(text)
    expect(answer).toContain(words)
    expect(answer).toMatch(new RegExp(`\n\`\`\`\n${line}\n\`\`\`$`))
  })

  it.each([
    ...[
      'confirm - no wait',
      'confirm or not?',
      'confirm. Just kidding',
      'confirm ?',
      'confirm 👎',
      'confirm thanks',
      'confirm <b>not</b>',
      'confirm `not`',
    ].map((words) => [`/wl decline ${words}`, '`confirm` is taken only where no other words stand beside it']),
    ['/wl close confirm Alone here', '`confirm` is taken only where no other words'],
    [`/wl withdraw confirm ❌ ${ID}`, '`confirm` is taken only where no other words'],
    ...['please confirm', 'confirm? no', 'do not confirm', 'not confirm', '❌ confirm', 'confirm?!', 'confirm？'].map(
      (words) => [`/wl forget ${words}`, 'is not read: the word is `confirm`'],
    ),
    ['/wl decline yes', '`yes` is not read: to go on, the word is `confirm`'],
    ['/wl decline confirmation', 'is not read: to go on, the word is `confirm`'],
    ['/wl decline y', '`y` is not read: to go on, the word is `confirm`'],
    ['/wl decline confirm?', '`confirm?` is not read: the word is `confirm`'],
    ['/wl decline confirm=yes', 'expected the word `confirm`, without a sign or a value'],
    ['/wl decline "confirm"', 'no option takes the text'],
    ['/wl decline `confirm`', 'code, links and HTML are not read in a command'],
    ['/wl decline confirm confirm', '`confirm`'],
    ['/wl forget @mia', '`@mia` is not read: `forget` is for oneself'],
    ['/wl decline @mia confirm', '`@mia` is not read: `decline` is for oneself'],
    ['/wl join confirm', '`confirm` is not read: this command takes no such word'],
  ])('%s is refused', async (text, words) => {
    expect(await error(text)).toContain(words)
  })

  it.each([
    '/wl forget confirm? no',
    '/wl forget please confirm',
    '/wl forget not confirm',
    '/wl decline confirm `not`',
    '/wl decline confirm - no wait',
    '/wl close confirm or not',
  ])('of %s no line is ready to copy', async (text) => {
    expect(await error(text)).not.toContain('```')
  })

  it.each([
    ['register', '`/wl join`'],
    ['signup', '`/wl join`'],
    ['optin', '`/wl join`'],
    ['undecline', '`/wl join`'],
    ['reopen', 'what was withdrawn or closed does not come back'],
    ['restore', '`/wl join` takes `/wl decline` and `/wl forget` back'],
    ['confirm', 'it is the second word of a command that ends something'],
    ['delete', '`/wl forget` removes your imported profile, `/wl decline` takes you out'],
  ])('/wl %s names what there is', async (name, words) => {
    const answer = await error(`/wl ${name}`)
    expect(answer).toContain(words)
    expect(answer).not.toContain('```')
  })

  it('a line to copy is read as it was meant', async () => {
    const line = confirmedLine('close', { item: ID, reason: 'Nobody "else" \\ here' })
    expect(await said(line)).toEqual({ close: { item: ID, confirm: 'confirm', reason: 'Nobody "else" \\ here' } })
    for (const name of ['decline', 'forget'])
      expect(await said(confirmedLine(name))).toEqual({ [name]: { confirm: 'confirm' } })
  })
})

describe('what every version reads the same', () => {
  it.each([
    '/wl stamp quality=4',
    '/WL Stamp QUALITY = 4',
    '/wl stamp @bob w-0123456789 quality=4 message="Well done" thanks!',
    '/wl stamp quality=4 message=“very good”.',
    '/wl claim',
    '/wl reject reason="No"',
    '/wl post effort=small tags=go,docs',
  ])('%s', async (text) => {
    expect(await read(text)).toMatchObject({ isPlain: true })
  })

  it.each([
    '/wl stamp 4',
    '/wl stamp quality=4 reliability:3',
    '/wl stamp quality=4.',
    '/wl stamp quality=4 "good"',
    "/wl stamp quality=4 message='good'",
    '/wl stamp quality=4⏎creativity=5',
    '/wl stamp quality=4 \\⏎creativity=5',
    '- /wl claim',
    '**/wl claim**',
    '\u200b/wl claim',
    '/wl stamp, quality=4',
    '/wl board typescript',
    '/wl stamp help',
    '/wl help /wl stamp',
    '/wl post effort=S',
  ])('is not this: %s', async (text) => {
    expect(await read(text)).toMatchObject({ isPlain: false })
  })
})

// What one comment of 64 kB may cost this thread, on which all else waits.
const MOST_MS = 200
const HOSTILE = [
  ...plainShapes().map(({ make }) => make(1).replace(/[\r\n]+/g, ' ')),
  '! ',
  'a* ',
  'a) ',
  '(',
  'quality 6 ',
  'a=1 ',
  '"a" ',
  'confirm ',
  'confirm? ',
  'confrim ',
  '@a ',
  'message=a, ',
  '/wl x ',
  '/wl claim ',
  "'a' ",
  '\ufffc ',
  '~~a~~ ',
  ',a',
  '“a” ',
  ':) ',
  'q4 ',
  '- ',
]

describe('what a stranger repeats is read in time', () => {
  const cost = (line: string, times: number) =>
    cpuTimeOf(() => {
      const [, name = '', rest = ''] = /^\/wl (\S+)(.*)$/s.exec(line)!
      for (let nth = 0; nth < times; nth++) readCommand(COMMANDS, { line, name, rest })
    })

  it.each([
    '/wl stamp ',
    '/wl stamp quality=4 ',
    `/wl stamp quality=4 ${'('.repeat(1500)} `,
    '/wl decline ',
    '/wl claim ',
  ])(
    'behind %s',
    (head) => {
      const line = (unit: string, size: number) => head + unit.repeat(Math.ceil((size - head.length) / unit.length))
      cost(line('! ', 3000), 20)
      const slow = HOSTILE.flatMap((unit) => {
        // The less of two, for others use this machine too.
        const times = [cost(line(unit, 64_000), 1), cost(line(unit, 3200), 20)].map((ms, at) =>
          ms <= MOST_MS ? ms : Math.min(ms, cost(line(unit, at === 0 ? 64_000 : 3200), at === 0 ? 1 : 20)),
        )
        return times.some((ms) => ms > MOST_MS) ? [{ unit, times }] : []
      })
      expect(slow).toEqual([])
    },
    60_000,
  )

  it('and more than a command has is not read', async () => {
    const text = await error(`/wl stamp quality=4 ${'thanks '.repeat(700)}`)
    expect(text).toContain('a command has at most 4000 characters and this one has')
  })
})
