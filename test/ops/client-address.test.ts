import { Hono } from 'hono'
import { describe, expect, test, vi } from 'vitest'
import { UserError } from '../../src/domain/errors.ts'
import { createClients, networkOf, readTrustedProxies, trustNobody } from '../../src/ops/client-address.ts'

/** What is said of a request whose socket ends at `remoteAddress`. */
async function ask(trust: string | undefined, remoteAddress: string, headers: Record<string, string> | Headers) {
  const ignored = vi.fn()
  const clients = createClients(trust === undefined ? trustNobody : readTrustedProxies(trust), ignored)
  let said = { address: '', isHttps: false }
  const app = new Hono().get('/', (context) => {
    said = { address: clients.addressOf(context), isHttps: clients.isHttps(context) }
    return context.text('')
  })
  for (let n = 0; n < 2; n++) await app.request('/', { headers }, { incoming: { socket: { remoteAddress } } })
  return { ...said, ignored: ignored.mock.calls.length }
}

describe('the client’s address', () => {
  test.each([
    ['the socket’s other end', undefined, '203.0.113.1', undefined, '203.0.113.1'],
    ['without a prefix for IPv4', undefined, '::ffff:203.0.113.1', undefined, '203.0.113.1'],
    ['no forwarded one by default, not even from loopback', undefined, '127.0.0.1', '1.1.1.1', '127.0.0.1'],
    ['nor from a private address', undefined, '10.0.0.2', '1.1.1.1', '10.0.0.2'],
    ['nor where the hop count is 0', '0', '10.0.0.2', '1.1.1.1', '10.0.0.2'],
    ['the one that a trusted proxy was called from', '10.0.0.0/8', '10.0.0.2', '1.1.1.1', '1.1.1.1'],
    ['nothing that came before that', '10.0.0.0/8', '10.0.0.2', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    ['behind two trusted proxies', '10.0.0.0/8', '10.0.0.2', '6.6.6.6, 1.1.1.1, 10.0.0.3', '1.1.1.1'],
    ['not that from a proxy of somebody else', '10.0.0.0/8', '203.0.113.1', '1.1.1.1', '203.0.113.1'],
    ['by the hop count from the right', '2', '10.0.0.2', '6.6.6.6, 1.1.1.1, 10.0.0.3', '1.1.1.1'],
    ['of one hop', '1', '203.0.113.1', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    ['with more hops than entries the first', '3', '10.0.0.2', '1.1.1.1', '1.1.1.1'],
    ['of an entry with a port', '1', '10.0.0.2', '1.1.1.1:4711', '1.1.1.1'],
    ['of IPv6 in brackets', '::1', '::1', '[2001:db8::7]:4711', '2001:db8::7'],
    ['of a mapped entry', '1', '10.0.0.2', '::ffff:1.1.1.1', '1.1.1.1'],
    ['the proxy’s where it wrote no address', '1', '10.0.0.2', 'unknown', '10.0.0.2'],
    ['the proxy’s where it wrote nothing', '1', '10.0.0.2', '', '10.0.0.2'],
    ['the last proxy’s before junk', '10.0.0.0/8', '10.0.0.2', 'junk, 10.0.0.3', '10.0.0.3'],
    ['for a trusted mapped socket', '10.0.0.2', '::ffff:10.0.0.2', '1.1.1.1', '1.1.1.1'],
  ])('is %s', async (_, trust, socket, forwarded, address) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
    expect((await ask(trust, socket, headers)).address).toBe(address)
  })

  test('takes several header lines for one list', async () => {
    const headers = new Headers([
      ['x-forwarded-for', '6.6.6.6'],
      ['x-forwarded-for', '1.1.1.1'],
    ])
    expect((await ask('1', '10.0.0.2', headers)).address).toBe('1.1.1.1')
  })

  test.each(['forwarded', 'x-real-ip', 'cf-connecting-ip', 'true-client-ip'])('is never read from %s', async (name) => {
    const headers = { [name]: name === 'forwarded' ? 'for=6.6.6.6' : '6.6.6.6' }
    expect((await ask('1', '10.0.0.2', headers)).address).toBe('10.0.0.2')
  })

  test('that a proxy forwarded and nobody trusts is said once', async () => {
    expect((await ask(undefined, '10.0.0.2', { 'x-forwarded-for': '1.1.1.1' })).ignored).toBe(1)
    expect((await ask('10.0.0.2', '10.0.0.2', { 'x-forwarded-for': '1.1.1.1' })).ignored).toBe(0)
    expect((await ask(undefined, '10.0.0.2', {})).ignored).toBe(0)
  })

  test.each([
    ['trusted', '1', 'https', true],
    ['trusted, of its last hop', '1', 'https, http', false],
    ['nobody’s', undefined, 'https', false],
  ])('came by https as the header of a proxy says that is %s', async (_, trust, proto, isHttps) => {
    expect((await ask(trust, '10.0.0.2', { 'x-forwarded-proto': proto })).isHttps).toBe(isHttps)
  })
})

test.each(['yes', '-1', '10', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.1,', '1.2.3.4/8/8', '1.2.3.4/x', ' '])(
  'TRUST_PROXY cannot be %j',
  (text) => {
    expect(() => readTrustedProxies(text)).toThrow(UserError)
  },
)

test.each([
  ['1.1.1.1', '1.1.1.1'],
  ['::ffff:1.1.1.1', '1.1.1.1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0db8:0:0:ffff::2', '2001:db8:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['', ''],
])('the network of %j is %j', (address, network) => {
  expect(networkOf(address)).toBe(network)
})
