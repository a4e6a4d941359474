import { createRequire } from 'node:module';

interface Validations {
  checkTypes(data: object, types: object): Record<string, unknown>;
}

/**
 * Lets an emulator refuse what it takes and then stumbles over where nobody catches, so that one request ended the
 * process: a list with a `null` in it, as AWS does, and in kinesalite a stream with the name of something that every
 * array has (it keeps its streams in one): `map`.
 */
export function checkInput(emulator: 'dynalite' | 'kinesalite'): void {
  const validations = createRequire(require.resolve(emulator))('./validations') as Validations;
  const { checkTypes } = validations;
  validations.checkTypes = (data, types) => {
    const checked = checkTypes(data, types);
    if (hasEmptyMember(checked)) throw refusal({ __type: 'SerializationException' });
    const { StreamName: name } = checked;
    if (emulator === 'kinesalite' && typeof name === 'string' && name in []) {
      const message = `A stream cannot be called "${name}" on the laptop.`;
      throw refusal({ __type: 'InvalidArgumentException', message });
    }
    return checked;
  };
}

/** Of a list, at any depth. */
function hasEmptyMember(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some((member) => member === null || member === undefined || hasEmptyMember(member));
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasEmptyMember);
}

/** As the emulators make their own errors. */
function refusal(body: { readonly __type: string; readonly message?: string }): Error {
  return Object.assign(new Error(body.message ?? body.__type), { statusCode: 400, body });
}
