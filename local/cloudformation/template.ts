/** JSON as CloudFormation templates hold it. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
}

export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type?: string; readonly Default?: Json }>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Json>>>>>>;
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: Json; readonly Export?: { readonly Name: Json } }>
  >;
}

/** A stack of a cloud assembly: its template, and where the bundled assets lie that the template names. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Absolute path of each file asset, by the object key under which `cdk deploy` would publish it. */
  readonly assets: ReadonlyMap<string, string>;
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
