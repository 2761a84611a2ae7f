/** What is said beside a flagged stamp. */
export const FLAGGED = 'flagged: between rigs of one owner, in no score here'

/** How many earlier stamps are flagged, as a sentence with a blank before it; empty for none. */
export function flaggedText(count: number): string {
  if (count === 0) return ''
  const [stamps, are, stay] =
    count === 1 ? ['1 earlier stamp', 'is', 'it stays'] : [`${count} earlier stamps`, 'are', 'they stay']
  return ` ${stamps} between rigs of one owner ${are} flagged, as the status comments show; ${stay} in the ledger as given.`
}
