import type { Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

/** Somebody has opened a WebSocket at this path; `origin` is the page it was opened from. */
export type Connected = (
  path: string,
  search: URLSearchParams,
  socket: WebSocket,
  origin: string | undefined,
) => void;

/**
 * Lets an HTTP server take WebSockets, at whatever path; who answers there decides. Returns what cuts them all:
 * the server itself no longer counts them among its connections, and would wait for them for ever.
 */
export function takeSockets(server: Server, connected: Connected): () => void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    sockets.handleUpgrade(request, socket, head, opened =>
      connected(pathname, searchParams, opened, request.headers.origin),
    );
  });
  return () => {
    for (const socket of sockets.clients) socket.terminate();
  };
}
