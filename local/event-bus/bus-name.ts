/** The name of a bus that is named by its name or its ARN; the account's own where it is not named. */
export function busName(nameOrArn: unknown): string {
  return String(nameOrArn ?? 'default').replace(/^arn:.*:event-bus\//, '');
}
