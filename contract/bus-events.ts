/** The `detail-type` of events of EventBridge that are clicks. */
export const busDetailType = 'click';
