import { createHash } from 'node:crypto';

/** Always the same UUID for the same name (RFC 9562, version 8), so that two systems can hold one thing under one id. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  const [first, second, third, fourth, fifth] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return [first, second, third, fourth, fifth].join('-');
}
