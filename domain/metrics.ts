/** CloudWatch namespace of the embedded metrics of every function of the pipeline. */
export const metricsNamespace = 'Clickstream';
