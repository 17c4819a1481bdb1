using System.Text.Json.Nodes;
using StreamScorer.Worker.Configuration;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Schemas;

/// <summary>The topics as an AsyncAPI 3 document; the payloads are the schema files beside it.</summary>
internal static class AsyncApi
{
    /// <summary>The document, with the topics' default names.</summary>
    public static JsonObject Build()
    {
        var kafka = new KafkaSettings();
        return new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "StreamScorer",
                ["version"] = ClientOptions.Version,
                ["description"] = "Customer events in, tier transitions out. A topic's partition count is the same for all three; a customer's records lie in one partition, in order.",
                ["license"] = new JsonObject { ["name"] = "MIT" },
            },
            ["defaultContentType"] = "application/json",
            ["channels"] = new JsonObject
            {
                ["transactions"] = Channel(kafka.TransactionsTopic, "customerEvent", "erasure"),
                ["transitions"] = Channel(kafka.TransitionsTopic, "tierTransition", "customerErased", "erasure"),
                ["deadLetters"] = Channel(kafka.DeadLettersTopic, "deadLetter"),
            },
            ["operations"] = new JsonObject
            {
                ["applyEvents"] = Operation("receive", "transactions", "Every event is applied to its customer exactly once."),
                ["publishTransitions"] = Operation("send", "transitions", "Once and in order per customer; after some faults again with the same id."),
                ["publishDeadLetters"] = Operation("send", "deadLetters", "At least once; identity is the source offset."),
            },
            ["components"] = new JsonObject
            {
                ["messages"] = new JsonObject
                {
                    ["customerEvent"] = Message("A customer event", "event.schema.json", "The customer id in UTF-8"),
                    ["tierTransition"] = Message("A tier transition or notice", "tier-transition.schema.json", "The customer id in UTF-8"),
                    ["customerErased"] = Message("A customer was erased; a record without value follows", "customer-erased.schema.json", "The customer id in UTF-8"),
                    ["erasure"] = new JsonObject
                    {
                        ["title"] = "A record without value: the customer of the key is erased",
                        ["payload"] = new JsonObject { ["type"] = "null" },
                        ["bindings"] = Key("The customer id in UTF-8"),
                    },
                    ["deadLetter"] = new JsonObject
                    {
                        ["title"] = "A record that could not be used, with its original key, value and headers",
                        ["contentType"] = "application/octet-stream",
                        ["headers"] = Schema("dead-letter-headers.schema.json"),
                        ["bindings"] = Key("The original key"),
                    },
                },
            },
        };
    }

    private static JsonObject Channel(string topic, params string[] messages) => new()
    {
        ["address"] = topic,
        ["messages"] = new JsonObject(messages.Select(name => KeyValuePair.Create(name, (JsonNode?)Reference($"#/components/messages/{name}")))),
    };

    private static JsonObject Operation(string action, string channel, string summary) => new()
    {
        ["action"] = action,
        ["summary"] = summary,
        ["channel"] = Reference($"#/channels/{channel}"),
    };

    private static JsonObject Message(string title, string schemaFile, string key) => new()
    {
        ["title"] = title,
        ["contentType"] = "application/json",
        ["payload"] = Schema(schemaFile),
        ["bindings"] = Key(key),
    };

    private static JsonObject Schema(string file) => new()
    {
        ["schemaFormat"] = "application/schema+json;version=draft-07",
        ["schema"] = Reference($"./{file}"),
    };

    private static JsonObject Key(string description) => new()
    {
        ["kafka"] = new JsonObject { ["key"] = new JsonObject { ["type"] = "string", ["description"] = description }, ["bindingVersion"] = "0.5.0" },
    };

    private static JsonObject Reference(string target) => new() { ["$ref"] = target };
}
