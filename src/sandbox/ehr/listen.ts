import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Connected, takeSockets } from '../hub/upgrade.ts';
import { type Answer, type Broken, isBroken } from './broken.ts';

export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Loopback only, in both families: `localhost` is 127.0.0.1 for some clients and ::1 for others. */
export async function listenOnLoopback(
  answer: (request: Request) => Promise<Answer>,
  port: number,
  connected?: Connected,
): Promise<Listening> {
  const four = serverFor(answer, connected);
  await open(four, port, '127.0.0.1');
  const actual = portOf(four);
  const six = serverFor(answer, connected);
  try {
    await open(six, actual, '::1');
  } catch (error) {
    // A machine without IPv6 is fine; somebody else on our port is not.
    if (isCode(error, 'EADDRINUSE')) {
      await shut(four);
      if (port === 0) return listenOnLoopback(answer, 0, connected);
      throw error;
    }
  }
  const close = async () => {
    await Promise.all([four, six].map(shut));
  };
  return { port: actual, close };
}

export const isCode = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code;

interface Serving {
  readonly server: Server;
  readonly cut: () => void;
}

function serverFor(
  answer: (request: Request) => Promise<Answer>,
  connected: Connected | undefined,
): Serving {
  const listener = getRequestListener(
    async (request, env) => {
      const answered = await answer(request);
      if (!isBroken(answered)) return answered;
      await breakOff(answered, env.outgoing.socket);
      return RESPONSE_ALREADY_SENT;
    },
    {
      // The library would otherwise put its own Request and Response in the place of Node's for everybody.
      overrideGlobalObjects: false,
      errorHandler: error =>
        new Response(`${error instanceof Error ? error.message : String(error)}\n`, {
          status: 500,
        }),
    },
  );
  const server = createServer((incoming, outgoing) => {
    void listener(incoming, outgoing);
  });
  return { server, cut: connected ? takeSockets(server, connected) : () => {} };
}

async function breakOff({ broken, response }: Broken, socket: Socket | null): Promise<void> {
  switch (broken) {
    case 'hang':
      return;
    case 'reset':
      socket?.resetAndDestroy();
      return;
    case 'fin':
      socket?.end();
      return;
    case 'commit-then-drop':
      socket?.destroy();
      return;
    case 'truncate':
      if (response) await cutOff(response, socket);
  }
}

/** Content-Length promises what never comes, so the client can know that something is missing. */
async function cutOff(response: Response, socket: Socket | null): Promise<void> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const status = `${response.status} ${STATUS_CODES[response.status] ?? ''}`;
  socket?.write(`HTTP/1.1 ${status}\r\n${lines}content-length: ${bytes.length}\r\n\r\n`);
  socket?.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket.destroy());
}

function open({ server }: Serving, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function shut({ server, cut }: Serving): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
    cut();
  });
}

function portOf({ server }: Serving): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
