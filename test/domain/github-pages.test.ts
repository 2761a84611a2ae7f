import { expect, it } from 'vitest'
import { pagesOf } from '../../src/domain/github-host.ts'

it.each([
  ['github.com', 'https://github.com'],
  ['acme.ghe.com', 'https://acme.ghe.com'],
  ['git.example.org:8443', 'https://git.example.org:8443'],
  ['127.0.0.1:38727', 'http://127.0.0.1:38727'],
  ['localhost', 'http://localhost'],
  ['127.0.0.1.example.org', 'https://127.0.0.1.example.org'],
  ['localhost:80@example.org', 'https://localhost:80@example.org'],
])('people see the GitHub %s at %s', (host, url) => expect(pagesOf(host)).toBe(url))
