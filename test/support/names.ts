// Names of types as other systems write them, and what no type may be.

export const TYPES_OF_THE_FIELD = [
  "Scheduled Event", // EventBridge's detail-type: https://docs.aws.amazon.com/eventbridge
  "Order Completed", // Segment's: https://segment.com/docs/connections/spec/ecommerce/v2
  "order.created@v1",
  "https://example.org/ns#Create",
  "überprüft",
  "日本",
  "a+b & c=d%20;?/\\\"'<>[]{}|^`~!$()",
  "👩‍🚀 launched",
  "a\u2028b",
  "é".repeat(128), // 256 bytes
  "日".repeat(85),
  "a".repeat(256),
];

export const NO_TYPES = [
  "",
  " ",
  " a",
  "a ",
  "\u00a0a",
  "a\u3000",
  "a\ufeff",
  "a,b",
  "a\n",
  "a\nb",
  "a\tb",
  "a\0b",
  "a\u007fb",
  "a\u0085b",
  "a".repeat(257),
  "é".repeat(129),
  "日".repeat(86),
  "a\ud800",
  "\udc00b",
  1,
  true,
  null,
  undefined,
  ["a"],
  {},
];
