/**
 * The record as it stands in the page: JSON, compressed and written as base64, a tenth of its size.
 *
 * Browsers have unpacked it themselves since Chrome and Edge 80, Safari 16.4 and Firefox 113; an
 * older one is told so. Nothing is asked of a server.
 */

/** What a browser that cannot unpack the record is shown. */
export const TOO_OLD =
  'This browser cannot unpack the report: it needs Chrome or Edge 80, Safari 16.4 or ' +
  'Firefox 113, or a newer one. run.json beside this page holds everything.'

export function canUnpack(): boolean {
  return typeof DecompressionStream === 'function'
}

/** The text that was packed. @throws when it is no packed text */
export async function unpacked(base64: string): Promise<string> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Response(stream).text()
}
