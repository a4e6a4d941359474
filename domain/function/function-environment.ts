/** The environment variables of a function. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables. Each call throws an Error that names the variable, its value and what is allowed. */
export interface EnvironmentReader {
  text(name: string): string;
  whole(name: string, least: number, unit: string): number;
  oneOf<const Value extends string>(name: string, values: readonly Value[]): Value;
}

export function environmentReader(environment: Environment): EnvironmentReader {
  const text = (name: string): string => {
    const value = environment[name];
    if (!value) throw new Error(`environment variable ${name} is not set`);
    return value;
  };
  return {
    text,
    whole(name, least, unit) {
      const value = Number(text(name));
      if (!Number.isInteger(value) || value < least) {
        throw new Error(
          `environment variable ${name} is "${environment[name]}": must be a whole number of ${unit} from ${least}`,
        );
      }
      return value;
    },
    oneOf(name, values) {
      const value = text(name);
      const found = values.find((candidate) => candidate === value);
      if (!found) {
        throw new Error(`environment variable ${name} is "${value}": must be one of ${values.join(', ')}`);
      }
      return found;
    },
  };
}
