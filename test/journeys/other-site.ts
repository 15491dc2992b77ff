import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Frame } from '@playwright/test';

export interface OtherSite {
  /** Puts an address into the frame, and resolves when the browser has shown something there. */
  readonly put: (address: string) => Promise<void>;
  /** What stands in the frame now. */
  readonly frame: () => Frame;
  readonly bringToFront: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A page on another site than the journal's, with one frame in it. `host` must be one that raw-chromium.ts lets through. */
export async function otherSite(context: BrowserContext, host: string): Promise<OtherSite> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(
      '<!doctype html><title>Et annet sted</title><link rel="icon" href="data:,"><iframe width="360" height="640"></iframe>',
    );
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const own = await context.newPage();
  await own.goto(`http://${host}:${port}/`);
  return {
    async put(address) {
      const element = await own.waitForSelector('iframe');
      await element.evaluate(
        (node, src) =>
          new Promise(resolve => {
            const frame = node.cloneNode() as HTMLIFrameElement;
            frame.addEventListener('load', resolve, { once: true });
            frame.src = src;
            node.replaceWith(frame);
          }),
        address,
      );
    },
    frame() {
      const [frame] = own.mainFrame().childFrames();
      if (!frame) throw new Error('the page has no frame');
      return frame;
    },
    bringToFront: () => own.bringToFront(),
    async close() {
      await own.close();
      server.closeAllConnections();
      await new Promise(resolve => {
        server.close(resolve);
      });
    },
  };
}
