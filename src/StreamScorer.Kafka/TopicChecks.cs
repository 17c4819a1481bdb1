using StreamScorer.Engine.Diagnosis;

namespace StreamScorer.Kafka;

/// <summary>What must be true of the three topics.</summary>
internal static class TopicChecks
{
    /// <summary>The input: it exists.</summary>
    /// <param name="count">Its partitions; 0 = it does not exist or may not be seen.</param>
    public static Finding Input(KafkaOptions options, int count) => count > 0
        ? Finding.Ok($"Kafka topic {options.TransactionsTopic}", $"it has {count} partitions")
        : Finding.Error(
            $"Kafka topic {options.TransactionsTopic}",
            $"Topic '{options.TransactionsTopic}' does not exist at {options.BootstrapServers}, or this client may not see it.",
            "Create it, or set Kafka:TransactionsTopic.");

    /// <summary>An output: it exists, with as many partitions as the input.</summary>
    /// <param name="count">Its partitions; 0 = it does not exist or may not be seen.</param>
    /// <param name="inputCount">The input's.</param>
    public static Finding Output(KafkaOptions options, string topic, int count, int inputCount) => count == inputCount
        ? Finding.Ok($"Kafka topic {topic}", $"it has {count} partitions")
        : Finding.Error(
            $"Kafka topic {topic}",
            count == 0
                ? $"Topic '{topic}' does not exist at {options.BootstrapServers}, or this client may not see it."
                : $"Topic '{topic}' has {count} partitions, but '{options.TransactionsTopic}' has {inputCount}; they must be equal.",
            $"Create it with {inputCount} partitions, or name another topic in Kafka:{Setting(options, topic)}.");

    private static string Setting(KafkaOptions options, string topic) =>
        topic == options.DeadLettersTopic ? nameof(options.DeadLettersTopic) : nameof(options.TransitionsTopic);
}
