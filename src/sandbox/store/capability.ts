/** What the store can do, said at `/metadata` (FHIR R4, CapabilityStatement). */
import { keptTypes, searchRules } from '../r4/table.ts';
import { type Abilities, mayWrite } from './abilities.ts';

export interface OAuthAddresses {
  readonly authorize: string;
  readonly token: string;
  readonly introspect?: string;
  readonly revoke?: string;
  readonly register?: string;
}

const INTERACTIONS = [
  'read',
  'vread',
  'update',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];

const MAKING: ReadonlySet<string> = new Set(['create', 'update']);

export function capabilityStatement(
  baseUrl: string,
  date: string,
  abilities: Abilities,
  oauth?: OAuthAddresses,
): object {
  const whole = abilities.transactions === false ? [] : [{ code: 'transaction' }];
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date,
    kind: 'instance',
    software: { name: 'Sideplan sandbox' },
    implementation: {
      description: 'In-memory FHIR R4 store for demonstration and tests',
      url: baseUrl,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        ...(oauth ? { security: securityOf(oauth) } : {}),
        resource: keptTypes.map(type => resourceOf(type, abilities)),
        interaction: [...whole, { code: 'batch' }],
      },
    ],
  };
}

function resourceOf(type: string, abilities: Abilities): object {
  const taken = mayWrite(abilities, type);
  const rules = [...searchRules(type).values()];
  const includes = rules
    .filter(rule => rule.type === 'reference')
    .map(rule => `${type}:${rule.code}`);
  const reverse = REFERRERS.get(type) ?? [];
  return {
    type,
    interaction: INTERACTIONS.filter(code => taken || !MAKING.has(code)).map(code => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: taken && abilities.updateCreate,
    conditionalCreate: taken && abilities.conditionalCreate,
    conditionalRead: 'not-match',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    referencePolicy: ['literal', 'local'],
    searchInclude: ['*', ...includes],
    ...(reverse.length > 0 ? { searchRevInclude: reverse } : {}),
    searchParam: rules.map(rule => ({ name: rule.code, type: rule.type })),
    ...(type === 'Patient' ? { operation: [EVERYTHING] } : {}),
  };
}

const EVERYTHING = {
  name: 'everything',
  definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything',
};

const REFERRERS: ReadonlyMap<string, readonly string[]> = new Map(
  keptTypes.map(type => [type, referrersOf(type)]),
);

function referrersOf(type: string): string[] {
  return keptTypes.flatMap(from =>
    [...searchRules(from).values()]
      .filter(rule => rule.type === 'reference' && (rule.targets?.includes(type) ?? true))
      .map(rule => `${from}:${rule.code}`),
  );
}

/** SMART App Launch 1.0 `oauth-uris`: for clients that find their way without `.well-known`. */
function securityOf(oauth: OAuthAddresses): object {
  const service = {
    system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
    code: 'SMART-on-FHIR',
  };
  const addresses = Object.entries(oauth).map(([url, valueUri]) => ({ url, valueUri }));
  return {
    cors: true,
    service: [{ coding: [service], text: 'OAuth2 using SMART-on-FHIR profile' }],
    extension: [
      {
        url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris',
        extension: addresses,
      },
    ],
  };
}
