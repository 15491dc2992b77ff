import { randomBytes } from 'node:crypto';
import type { SandboxPatient, SandboxUser } from '../types.ts';
import type { Clock } from './clock.ts';

/** HL7 v3 PurposeOfUse, the four the demo knows. */
export const PURPOSES = ['TREAT', 'ETREAT', 'COC', 'BTG'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const asPurpose = (text: string | null | undefined): Purpose | undefined =>
  PURPOSES.find(purpose => purpose === text);

/** What the EHR had on screen when somebody opened the app. Travels with every token made from it. */
export interface LaunchContext {
  readonly user: SandboxUser;
  readonly patient: SandboxPatient | undefined;
  readonly purpose: Purpose | undefined;
  /** SMART `need_patient_banner`: false = the EHR's frame already shows who this is. */
  readonly banner: boolean;
  readonly intent: string | undefined;
  readonly clock: Clock;
  /** The demo's own time, not one chosen by `?now=`. */
  readonly demoTime: boolean;
  /** Opened from a chart of the EHR's page, which can be followed and talked to. */
  readonly hosted?: Hosted;
}

/** What ties an app to the chart that opened it: FHIRcast's topic, and SMART Web Messaging's handle. */
export interface Hosted {
  readonly topic: string;
  readonly messagingHandle: string;
}

export interface Launches {
  readonly open: (context: LaunchContext) => string;
  readonly find: (handle: string) => LaunchContext | undefined;
}

const LIFETIME_MS = 12 * 60 * 60 * 1000;

/**
 * SMART App Launch 2.2, EHR launch: the opaque `launch` handle.
 *
 * It may be redeemed more than once while it lives: EHRs let a frame reload.
 */
export function createLaunches(wall: Clock): Launches {
  const opened = new Map<string, { readonly context: LaunchContext; readonly at: number }>();
  return {
    open(context) {
      const handle = secret(16);
      opened.set(handle, { context, at: wall().getTime() });
      return handle;
    },
    find(handle) {
      const entry = opened.get(handle);
      if (!entry) return undefined;
      if (wall().getTime() - entry.at <= LIFETIME_MS) return entry.context;
      opened.delete(handle);
      return undefined;
    },
  };
}

export const secret = (bytes = 32) => randomBytes(bytes).toString('base64url');
