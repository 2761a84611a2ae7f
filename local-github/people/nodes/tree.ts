import type { Repo } from '../repositories.ts'

/** Files in the root of a repository by its main language. */
const MANIFESTS: Record<string, Record<string, string>> = {
  JavaScript: { 'package.json': JSON.stringify({ name: 'made-up', dependencies: { express: '5.0.0' } }) },
  TypeScript: {
    'package.json': JSON.stringify({
      name: 'made-up',
      dependencies: { zod: '4.0.0' },
      devDependencies: { vitest: '3' },
    }),
  },
  Rust: { 'Cargo.toml': '[package]\nname = "made-up"\n\n[dependencies]\nserde = "1"\ntokio = { version = "1" }\n' },
  Go: { 'go.mod': 'module example.test/made-up\n\ngo 1.24\n\nrequire github.com/spf13/cobra v1.9.0\n' },
  Python: {
    'pyproject.toml': '[project]\nname = "made-up"\ndependencies = ["torch>=2", "fastapi"]\n',
    'requirements.txt': 'numpy==2.0\n# a comment\npandas\n',
  },
}

/** `Repository.object` of an expression such as `HEAD:Cargo.toml`: a tree, a text, or null. */
export function objectAt({ facts }: Repo, expression: string): object | null {
  const path = expression.replace(/^[^:]*:/, '')
  const [main = ''] = Object.entries(facts.langs).toSorted(([, a], [, b]) => b - a)[0] ?? []
  const files: Record<string, string> = {
    'README.md': `# ${facts.name}\n`,
    ...(facts.license && { LICENSE: 'MIT License\n' }),
    ...(facts.topics.includes('docker') && { Dockerfile: 'FROM scratch\n' }),
    ...MANIFESTS[main],
  }
  if (path === '') return tree([...Object.keys(files), ...(facts.ci ? ['.github'] : [])])
  if (path === '.github/workflows') return facts.ci ? tree(['ci.yml']) : null
  const text = Object.hasOwn(files, path) ? files[path]! : null
  return text === null ? null : { __typename: 'Blob', byteSize: Buffer.byteLength(text), isTruncated: false, text }
}

function tree(names: string[]) {
  const entries = names.map((name) => ({ name, path: name, type: name === '.github' ? 'tree' : 'blob' }))
  return { __typename: 'Tree', entries }
}
