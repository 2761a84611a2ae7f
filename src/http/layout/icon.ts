/** The icon, a stamp's ring. It is drawn here, so that no page requests another file. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.5" fill="none" stroke="#b4581a" ' +
  'stroke-width="2"/><path d="M5 8.2l2.1 2.1L11.2 6" fill="none" stroke="#b4581a" stroke-width="2"/></svg>'

export const ICON_ADDRESS = `data:image/svg+xml,${encodeURIComponent(ICON)}`
