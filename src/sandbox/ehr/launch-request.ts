import { type Clock, clockFrom, momentAdvice, readMoment } from '../smart/clock.ts';
import { asPurpose, type LaunchContext, PURPOSES } from '../smart/launches.ts';
import type { SandboxPatient, SandboxUser } from '../types.ts';

export interface LaunchSituation {
  readonly users: readonly SandboxUser[];
  readonly patients: readonly SandboxPatient[];
  readonly demoClock: () => Clock;
  readonly wall: Clock;
}

export type LaunchReading =
  | { readonly context: LaunchContext }
  | { readonly status: 400 | 404; readonly problem: string };

/** `GET /ehr/launch?user&patient[&now][&purpose][&banner=false][&intent]`. */
export function readLaunch(query: URLSearchParams, situation: LaunchSituation): LaunchReading {
  const { users, patients, demoClock, wall } = situation;
  const [userId, patientId] = [query.get('user'), query.get('patient')];
  if (!userId) return no(400, 'user is missing, for example user=u-lv.');
  if (!patientId) return no(400, 'patient is missing, for example patient=p1.');
  const user = users.find(one => one.id === userId);
  if (!user)
    return no(404, `There is no user ${userId}. Users: ${users.map(one => one.id).join(', ')}.`);
  const patient = patients.find(one => one.id === patientId);
  if (!patient)
    return no(
      404,
      `There is no patient ${patientId}. Patients: ${patients.map(one => one.id).join(', ')}.`,
    );

  const purposeText = query.get('purpose') || undefined;
  const purpose = asPurpose(purposeText);
  if (purposeText && !purpose)
    return no(400, `purpose=${purposeText} is not one of ${PURPOSES.join(', ')}.`);
  const bannerText = query.get('banner') ?? 'true';
  if (bannerText !== 'true' && bannerText !== 'false')
    return no(400, 'banner must be true or false.');
  const nowText = query.get('now') || undefined;
  const moment = nowText === undefined ? undefined : readMoment(nowText);
  if (nowText !== undefined && !moment) return no(400, momentAdvice(nowText));
  return {
    context: {
      user,
      patient,
      purpose,
      banner: bannerText === 'true',
      intent: query.get('intent') || undefined,
      clock: moment ? clockFrom(moment, wall) : demoClock(),
      demoTime: moment === undefined,
    },
  };
}

const no = (status: 400 | 404, problem: string): LaunchReading => ({ status, problem });
