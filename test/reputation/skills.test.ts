import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { skillsOf } from '../../src/reputation/skills.ts'

const file = (path: string, lines = 10) => ({ path, additions: lines, deletions: 0 })

describe('the skills that work shows', () => {
  it.each([
    ['src/a.ts', 'typescript'],
    ['src/a.tsx', 'typescript'],
    ['src/a.d.ts', 'typescript'],
    ['a.jsx', 'javascript'],
    ['lib/a.rs', 'rust'],
    ['a.h', 'c'],
    ['a.hpp', 'c++'],
    ['A.cs', 'c#'],
    ['a.m', 'objective-c'],
    ['a.pl', 'perl'],
    ['a.php', 'php'],
    ['a.py', 'python'],
    ['a.sql', 'sql'],
    ['a.fs', 'f#'],
    ['a.r', 'r'],
    ['a.lua', 'lua'],
    ['Dockerfile', 'dockerfile'],
    ['docker/Makefile', 'makefile'],
    ['build.gradle.kts', 'kotlin'],
    ['a.ipynb', 'jupyter-notebook'],
    ['page.HTML', 'html'],
  ])('of %s are %s', (path, skill) => {
    expect(skillsOf([file(path)], [])).toEqual([skill])
  })

  it('leave out data, prose, and what is generated or of others', () => {
    const files = [
      'package-lock.json',
      'README.md',
      'data.json',
      'ci.yml',
      'node_modules/x/index.js',
      'vendor/x.go',
      'third_party/y.c',
      'dist/app.js',
      'api.pb.go',
      'api_pb2.py',
      'lib/app.min.js',
      'src/__generated__/types.ts',
      'a.test.ts.snap',
      'a.v', // Coq, V or Verilog
      'no-extension',
      '.',
      '',
    ]
    expect(
      skillsOf(
        files.map((path) => file(path)),
        [],
      ),
    ).toEqual([])
  })

  it('are the languages by changed lines, then the item’s tags, five at most and each once', () => {
    const files = [file('a.go', 5), file('b.go', 5), { path: 'a.ts', additions: 4, deletions: 7 }, file('a.css', 1)]
    expect(skillsOf(files, ['dolt', 'Go', 'open-bounty', 'sql', 'docs'])).toEqual([
      'typescript',
      'go',
      'css',
      'dolt',
      'sql',
    ])
    expect(skillsOf([], ['docs'])).toEqual(['docs'])
  })

  it('never depend on the order of the files', () => {
    const files = fc.array(
      fc.record({
        path: fc.constantFrom('a.ts', 'b.go', 'c.py', 'd.rs', 'e.rb', 'f.c', 'g.md'),
        additions: fc.nat(9),
        deletions: fc.nat(9),
      }),
    )
    fc.assert(
      fc.property(files, (some) => {
        const skills = skillsOf(some, [])
        expect(skills).toEqual(skillsOf(some.toReversed(), []))
        expect(skills.length).toBeLessThanOrEqual(5)
      }),
    )
  })
})
