import mysql from 'mysql2/promise'
import type { EmbeddedDolt } from '../../src/ledger/dolt/embedded-dolt.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- rows of any table
type Row = Record<string, any>

export interface Database {
  name: string
  url: string
  /** Runs statements one by one and returns the last one's rows. */
  sql(...statements: string[]): Promise<Row[]>
}

export function databaseAt(dolt: EmbeddedDolt, name: string): Database {
  const url = dolt.url(name)
  return {
    name,
    url,
    async sql(...statements) {
      const connection = await mysql.createConnection({ uri: url, dateStrings: true })
      try {
        let rows: unknown = []
        for (const statement of statements) [rows] = await connection.query(statement)
        return rows as Row[]
      } finally {
        await connection.end()
      }
    },
  }
}

/** Makes a database and runs statements in it. */
export async function newDatabaseAt(dolt: EmbeddedDolt, name: string, ...statements: string[]): Promise<Database> {
  await databaseAt(dolt, 'commons').sql(`CREATE DATABASE ${name}`)
  const database = databaseAt(dolt, name)
  await database.sql(...statements)
  return database
}
