import type { CloudEventV1 } from 'cloudevents';
import { LedgerError } from '../errors.ts';
import { isObject, type Untrusted } from '../narrow.ts';
import { unixSeconds } from '../rfc3339.ts';

/**
 * An event whose attributes conform to CloudEvents 1.0; its data is not checked ({@link file://./event-data.ts}).
 *
 * @throws LedgerError `invalid-input` that names the first invalid attribute.
 */
export function readCloudEvent(given: unknown): CloudEventV1<unknown> {
  if (!isObject<CloudEventV1<unknown>>(given)) throw wrong('event', 'it is not a JSON object');
  const candidate = withoutUnset(given);
  const { specversion } = candidate;
  if (specversion !== '1.0') throw wrong('specversion', `${excerpt(specversion)} is not "1.0"`);
  required(candidate, 'id', nonEmpty);
  required(candidate, 'type', nonEmpty);
  required(candidate, 'source', uriReference);
  optional(candidate, 'subject', nonEmpty);
  optional(candidate, 'datacontenttype', nonEmpty);
  optional(candidate, 'dataschema', uri);
  optional(candidate, 'time', time);
  checkNames(candidate);
  if (isCloudEvent(candidate)) return candidate;
  throw wrong('event', 'its attributes are not text');
}

/** A form that the text of an attribute must have. */
interface Form {
  readonly form: string;
  test(text: string): boolean;
}

const nonEmpty: Form = { form: 'text that is not empty', test: (text) => text !== '' };

/** The characters of RFC 3986, with every % the start of an escape. */
const uriCharacters = /^(?:[-\w.~:/?#[\]@!$&'()*+,;=]|%[\dA-Fa-f]{2})+$/;
const uriReference: Form = { form: 'a URI reference', test: (text) => uriCharacters.test(text) };
const uri: Form = {
  form: 'a URI',
  test: (text) => uriCharacters.test(text) && /^[A-Za-z][-+.\w]*:/.test(text),
};
const time: Form = { form: 'an RFC 3339 time', test: (text) => !Number.isNaN(unixSeconds(text)) };

type Candidate = Untrusted<CloudEventV1<unknown>>;

function required(candidate: Candidate, attribute: keyof Candidate, form: Form): void {
  const value = candidate[attribute];
  if (typeof value !== 'string' || value === '' || !form.test(value)) {
    throw wrong(String(attribute), `${excerpt(value)} is not ${form.form}`);
  }
}

function optional(candidate: Candidate, attribute: keyof Candidate, form: Form): void {
  if (candidate[attribute] !== undefined) required(candidate, attribute, form);
}

/**
 * An attribute that is null counts as omitted.
 * Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#22-type-system-mapping
 */
function withoutUnset(candidate: Candidate): Candidate {
  for (const name in candidate) {
    if (candidate[name] === null && name !== 'data') {
      return Object.fromEntries(
        Object.entries(candidate).filter(([key, value]) => value !== null || key === 'data'),
      );
    }
  }
  return candidate;
}

function isCloudEvent(candidate: Candidate): candidate is CloudEventV1<unknown> {
  const { specversion, id, source, type } = candidate;
  return isText(specversion) && isText(id) && isText(source) && isText(type);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Source: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#naming-conventions */
function checkNames(candidate: Candidate): void {
  for (const name in candidate) {
    if (!/^[a-z0-9]+$/.test(name) && name !== 'data_base64') {
      throw wrong(name, 'the name of an attribute has lower-case letters and digits only');
    }
  }
}

function excerpt(value: unknown): string {
  if (value === undefined) return 'a missing value';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : `a ${typeof value}`;
}

function wrong(attribute: string, fact: string): LedgerError {
  return new LedgerError('invalid-input', {
    operation: 'reading',
    subject: `the CloudEvent's ${attribute}`,
    fact,
    remedy: 'send an event that conforms to CloudEvents 1.0',
  });
}
