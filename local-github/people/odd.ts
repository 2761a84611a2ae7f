import { CHARACTERS } from './character.ts'
import type { About } from './people.ts'

const MOST = 2 ** 31 - 1

/**
 * Edge cases for an importer, by login. `suspended` is unknown to GitHub, like any login that is not here; tests
 * rename, delete and register accounts anew themselves (`renameUser`, `deleteUser`, `user`).
 */
export const ODD: Record<string, About> = {
  'an-organization': { kind: 'Organization' },
  suspended: { isGone: true },
  'private-profile': { as: 'newcomer', isPrivate: true },
  'much-history': { as: 'prolific_maintainer', isHeavy: true },
  'no-repositories': { name: null },
  'many-repositories': { as: 'polyglot', character: { repoCount: 5000 } },
  'right-to-left': { as: 'newcomer', name: 'مطوّر ‮البرمجيات‬', bio: 'כותב קוד', location: 'القاهرة' },
  'long-name': { as: 'newcomer', name: 'Ñ'.repeat(200), location: 'x'.repeat(200) },
  'strange-bio': {
    as: 'newcomer',
    name: 'a\tb\u0000c',
    bio: 'line one\r\nline two <script>alert(1)</script> **bold** | cell | 👩‍👩‍👧‍👦\n\n# heading {{=1+1}}',
  },
  'huge-numbers': {
    character: {
      ageYears: 18,
      activeYears: 18,
      commits: MOST,
      prs: MOST,
      issues: MOST,
      reviews: MOST,
      followers: MOST,
      repoCount: 2,
      repos: CHARACTERS['torvalds_like']!.repos.slice(0, 2).map((repo) => ({
        ...repo,
        stars: MOST,
        forks: MOST,
        watchers: MOST,
        closedIssues: MOST,
        openIssues: MOST,
        mergedPRsByOthers: MOST,
      })),
    },
  },
}
