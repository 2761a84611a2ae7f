import pg from 'pg'

// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
type Row = Record<string, any>

/** Runs SQL on a Postgres again and again. */
export interface KeptConnection {
  ask(query: string, values?: unknown[]): Promise<Row[]>
  /** Closes the connections; the next question opens another, at the address as it is then. */
  drop(): void
}

/** As many as ask at the same time for long. */
const KEPT = 3

/**
 * Keeps connections from one question to the next: tests ask for the end of work all the time, and signing in to
 * Postgres (SCRAM) costs more than the answer.
 */
export function keptConnection(address: () => Promise<string>): KeptConnection {
  let kept: pg.Client[] = []
  const ask: KeptConnection['ask'] = async (query, values = []) => {
    const lent = kept.pop()
    const client = lent ?? (await openClient(await address()))
    try {
      const { rows } = await client.query(query, values)
      if (kept.length < KEPT) kept.push(client)
      else await client.end()
      return rows
    } catch (error) {
      close(client)
      const isRefusal = error instanceof pg.DatabaseError && error.code?.startsWith('57') !== true
      if (lent === undefined || isRefusal) throw error
      // The store was started again since it was lent.
      return ask(query, values)
    }
  }
  return {
    ask,
    drop() {
      for (const client of kept) close(client)
      kept = []
    },
  }
}

async function openClient(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Not waited for: its server may be gone without a word. */
function close(client: pg.Client) {
  client.end().catch(() => {})
}
