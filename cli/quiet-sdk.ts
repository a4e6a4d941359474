/** Switches off the SDK's nine lines of warning on Node below 22; the README names the versions that are supported. */
export function quietSdk(): void {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
}
