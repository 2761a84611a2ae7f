import { type Language, languages, skillTag } from '../domain/languages.ts'
import { SKILL, SKILL_LIMIT } from '../domain/stamp.ts'

/** A changed file and the number of its changed lines. */
export interface ChangedLines {
  path: string
  additions: number
  deletions: number
}

/**
 * The default skills of work whose validator names none: the languages of its diff, most lines first, then the tags of
 * the item; five at most, in lower case. Languages are GitHub's Linguist's, a dialect under the language that it
 * belongs to.
 */
export function skillsOf(files: readonly ChangedLines[], tags: readonly string[]): string[] {
  const lines = new Map<string, number>()
  for (const { path, additions, deletions } of files) {
    const language = isWrittenByHand(path) ? languageOf(path) : null
    if (language !== null) lines.set(language, (lines.get(language) ?? 0) + additions + deletions)
  }
  const languages = [...lines]
    .filter(([, count]) => count > 0)
    .toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const skills = [...languages.map(([name]) => name), ...tags.map((tag) => tag.toLowerCase())]
  return [...new Set(skills.filter((skill) => SKILL.test(skill) && !NO_SKILLS.has(skill)))].slice(0, SKILL_LIMIT)
}

/** Tags that say how an item is worked on, and so are no skill. */
const NO_SKILLS = new Set(['open-bounty', 'wanted', 'help wanted', 'good first issue'])

// Modelled on Linguist's vendor.yml and generated.rb, which are no part of the package: the names that most
// repositories have.
const VENDORED =
  /(^|\/)(node_modules|bower_components|vendor|vendored|third[-_]?party|external|deps|dist|build|\.yarn|Pods|Carthage|site-packages)\//i
const GENERATED =
  /(^|\/)(__generated__|generated|gen)\/|[._-](generated|gen|pb|pb2|g)\.[a-z]+$|_pb2(_grpc)?\.pyi?$|\.pb\.(go|cc|h)$|\.designer\.(cs|vb)$|\.min\.(js|css)$|[.-]bundle\.js$|\.(map|snap|lock)$|(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.(sum|mod)|gradlew(\.bat)?|mvnw(\.cmd)?)$/i

function isWrittenByHand(path: string): boolean {
  return !VENDORED.test(path) && !GENERATED.test(path)
}

/** Modelled on Linguist's popular.yml, and five more: they win an extension that several languages have. */
const POPULAR = new Set(
  (
    'C C# C++ CoffeeScript CSS Dart Elixir Go Groovy HTML Java JavaScript Kotlin Objective-C Perl PHP PowerShell ' +
    'Python Ruby Rust Scala Shell Swift TypeScript Haskell Markdown F# R SQL'
  ).split(' '),
)
/** In characters: each dot of a file's name is one lookup. */
const LONGEST_EXTENSION = 32
let known: { byName: Tags; byExtension: Tags } | undefined

/** Skill tags by file name or extension. */
type Tags = ReadonlyMap<string, string | null>

function learnLanguages(): { byName: Tags; byExtension: Tags } {
  if (known !== undefined) return known
  const all = languages()
  known = { byName: index(all, ({ filenames }) => filenames), byExtension: index(all, ({ extensions }) => extensions) }
  return known
}

function languageOf(path: string): string | null {
  const { byName, byExtension } = learnLanguages()
  const file = path.slice(path.lastIndexOf('/') + 1)
  const named = byName.get(file)
  if (named !== undefined) return named
  // The longest extension first; one of data (`.gradle.kts`) may hide a language.
  for (let dot = file.indexOf('.', file.length - LONGEST_EXTENSION); dot !== -1; dot = file.indexOf('.', dot + 1)) {
    const found = byExtension.get(file.slice(dot).toLowerCase())
    if (found != null) return found
  }
  return null
}

/**
 * Indexes the languages by ending. Where several share one, the popular language wins, then the one that lists it
 * first, then the first by name (`.h` is C). Null: data or prose, and a tie between languages that are not popular,
 * which nobody can decide.
 */
function index(all: readonly Language[], keys: (language: Language) => readonly string[]): Tags {
  const rank = (language: Language, key: string) =>
    (POPULAR.has(language.name) ? 0 : 2) + (keys(language)[0] === key ? 0 : 1)
  const found = Map.groupBy(
    all.flatMap((language) => keys(language).map((key) => ({ key, language, rank: rank(language, key) }))),
    ({ key }) => key,
  )
  return new Map(
    [...found].map(([key, ranked]) => {
      const [first, second] = ranked.toSorted(
        (a, b) => a.rank - b.rank || (a.language.name.toLowerCase() < b.language.name.toLowerCase() ? -1 : 1),
      )
      const isTied = second !== undefined && second.rank === first!.rank && !POPULAR.has(first!.language.name)
      return [key, isTied ? null : skillTag(first!.language)]
    }),
  )
}
