/** The note beside a flagged stamp, or behind the number of several. */
export function flaggedNote(count = 1): string {
  return `flagged: both rigs have the same owner, so ${count === 1 ? 'it counts' : 'they count'} in no score here`
}

/** A sentence with the number of earlier stamps that are flagged, with a blank before it; empty for none. */
export function flaggedText(count: number): string {
  if (count === 0) return ''
  const [stamps, are, stay] =
    count === 1 ? ['1 earlier stamp', 'is', 'it stays'] : [`${count} earlier stamps`, 'are', 'they stay']
  return ` ${stamps} between rigs of one owner ${are} flagged, as the status comments show; ${stay} in the ledger as given.`
}
