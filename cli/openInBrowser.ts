/**
 * Opens an address in the user's browser, where there is one. Failing to is no failure: the address
 * has been printed.
 */
import { spawn } from 'node:child_process'

export function openInBrowser(url: string): void {
  const command = browserCommand()
  if (command === null) return
  const child = spawn(command, [url], { detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
}

function browserCommand(): string | null {
  if (process.platform === 'darwin') return 'open'
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  return DISPLAY === undefined && WAYLAND_DISPLAY === undefined ? null : 'xdg-open'
}
