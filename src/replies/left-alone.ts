import { quote } from './markdown.ts'

export type LeftAlone = keyof typeof LEFT_ALONE

/** The status comment, or the answer to a command, that says why nothing is recorded. */
export function leftAlone(why: LeftAlone, repository: string): string {
  return `### Wasteland\n\n${LEFT_ALONE[why](quote(repository))}`
}

const LEFT_ALONE = {
  'not-admitted': (repo: string) =>
    `**Not admitted.** ${repo} is not one of the repositories that this bridge serves, so nothing is recorded. ` +
    'Its operator can admit it: `wasteland-bridge admit owner/repo`.',
  'name-moved': (repo: string) =>
    `**Not admitted.** ${repo} has the name of another account or repository, which this bridge serves, so nothing is recorded. ` +
    'Its operator sees both with `wasteland-bridge doctor`, and may admit this one by its id.',
  'private-not-named': (repo: string) =>
    `**Private.** ${repo} is not public, so nothing leaves GitHub and nothing is recorded. To change that, the operator admits ` +
    'it by name (`wasteland-bridge admit owner/repo`) and `.github/wasteland.yml` on the default branch says `private: publish`.',
  'private-keep': (repo: string) =>
    `**Private.** ${repo} is not public, so nothing leaves GitHub and nothing is recorded. The operator has admitted it; ` +
    'it is published once `.github/wasteland.yml` on the default branch says `private: publish` (a file with any fault counts as none).',
  declined: () =>
    '**Declined.** The author of this pull request takes no part in the Wasteland, so nothing is recorded. ' +
    'Whoever else wants an item that it names says so in a pull request of their own.',
  ignored: (repo: string) =>
    `**Left alone.** The settings of ${repo} (\`ignore\` in \`.github/wasteland.yml\`) name the author of this pull request, so ` +
    'nothing is recorded. A maintainer can change the file.',
  'no-person': () =>
    '**No person.** The account that opened this pull request is neither a person nor a bot for GitHub (an organization, or one ' +
    'that an import left for somebody), so it can hold no rig and nothing is recorded. Who did the work opens a pull request of their own.',
  'author-gone': () => '**No author.** The account that opened this pull request is gone, so nothing can be recorded.',
} as const
