import type { Nodes } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'

/** Every node of a Markdown text as GitHub would see it, in the order of the text. */
export function nodesOf(markdown: string): Nodes[] {
  const walk = (node: Nodes): Nodes[] => [node, ...('children' in node ? node.children.flatMap(walk) : [])]
  return walk(fromMarkdown(markdown))
}

export function valuesOf(markdown: string, type: 'html' | 'text' | 'inlineCode'): string[] {
  return nodesOf(markdown).flatMap((node) => (node.type === type ? [node.value] : []))
}
