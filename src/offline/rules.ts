import { z } from 'zod/mini';
import type { Settings } from '../extension/settings.ts';
import { checked } from '../fhir/shapes.ts';
import { isCopyHours } from '../launch/configuration.ts';

const Rules = z.looseObject({
  offlineCopyHours: checked(isCopyHours),
  idleMinutes: z.optional(z.number()),
  locale: z.optional(z.literal(['nb', 'en'])),
});

/** What the organisation says about read copies. */
export type Rules = z.output<typeof Rules>;

/**
 * Undefined where no copy may be kept: nothing says so, or it is not the organisation that says it. What a person has
 * put in themselves is a list of EHRs and decides nothing else.
 */
export function rulesIn({ from, configuration }: Settings): Rules | undefined {
  if (from === 'own') return undefined;
  const rules = Rules.safeParse(configuration);
  return rules.success ? rules.data : undefined;
}
