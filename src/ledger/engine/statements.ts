import { type KyselyPlugin, type PluginTransformQueryArgs, type RootOperationNode, TableNode } from 'kysely'

/** Called before each statement of a connection: a read, or a write, with its table where that is plain. */
export interface StatementWatch {
  reads?(): unknown
  writes(table: string | undefined): void
}

/** A plugin for the statements of a connection. */
export function watchStatements({ reads, writes }: StatementWatch): KyselyPlugin {
  return {
    transformQuery({ node }: PluginTransformQueryArgs) {
      if (isRead(node)) reads?.()
      else writes(tableOf(node))
      return node
    },
    transformResult: async ({ result }) => result,
  }
}

function isRead(node: RootOperationNode): boolean {
  if (node.kind === 'RawNode') return /^\s*\(?SELECT\b/i.test(node.sqlFragments[0] ?? '')
  return node.kind === 'SelectQueryNode'
}

function tableOf(node: RootOperationNode): string | undefined {
  const table = node.kind === 'UpdateQueryNode' ? node.table : node.kind === 'InsertQueryNode' ? node.into : undefined
  return table !== undefined && TableNode.is(table) ? table.table.identifier.name : undefined
}
