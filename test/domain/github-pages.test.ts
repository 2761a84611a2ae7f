import { describe, expect, it } from 'vitest'
import { pageAt, pagesOf, picturesAt } from '../../src/domain/github-host.ts'

it.each([
  ['github.com', 'https', 'https://github.com'],
  ['github.com', 'http', 'https://github.com'],
  ['acme.ghe.com', 'https', 'https://acme.ghe.com'],
  ['git.example.org:8443', 'https', 'https://git.example.org:8443'],
  ['git.example.org', 'http', 'http://git.example.org'],
  ['127.0.0.1:38727', 'http', 'http://127.0.0.1:38727'],
  ['127.0.0.1:38727', 'https', 'https://127.0.0.1:38727'],
])('people see the GitHub %s, reached by %s, at %s', (host, protocol, url) => expect(pagesOf(host, protocol)).toBe(url))

describe('an address at http://ghe.example', () => {
  it.each([
    ['https://ghe.example/a/b?c=d#e', 'http://ghe.example/a/b?c=d#e'],
    ['http://GHE.example/a', 'http://ghe.example/a'],
    ['https://user:password@ghe.example/a', 'http://ghe.example/a'],
    ['https://ghe.example//evil.example/a', 'http://ghe.example//evil.example/a'],
    ['https://evil.example/a', undefined],
    ['https://ghe.example@evil.example/a', undefined],
    ['https://ghe.example:8443/a', undefined],
    ['javascript://ghe.example/%0aalert(1)', undefined],
    ['/a', undefined],
    ['', undefined],
  ])('is of %j: %s', (address, url) => expect(pageAt('http://ghe.example', address)?.href).toBe(url))
})

it.each([
  ['github.com', 'https://github.com', 'https://avatars.githubusercontent.com/u/'],
  ['ghe.example', 'https://ghe.example', 'https://ghe.example/avatars/u/'],
  ['127.0.0.1:1', 'http://127.0.0.1:1', 'http://127.0.0.1:1/avatars/u/'],
  ['acme.ghe.com', 'https://acme.ghe.com', undefined],
])('pictures of accounts of %s are below %s', (host, pages, at) => expect(picturesAt(host, pages)).toBe(at))
