using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using StreamScorer.Engine.Source;

namespace StreamScorer.Kafka.Native;

/// <summary>A producer that makes no object per record. Safe for concurrent use; order is kept per caller and partition.</summary>
internal sealed unsafe class NativeProducer : IDisposable
{
    private const int PollMs = 100, ErrorBytes = 512;
    private readonly Client client;
    private readonly nint events;
    private readonly IDeliveryReports reports;
    private readonly ILogger logger;
    private readonly Thread thread;
    private volatile bool stopping;

    /// <param name="reports">Told what became of each record, on a thread of this producer.</param>
    /// <exception cref="ArgumentException">The configuration is wrong; the message names the property.</exception>
    /// <exception cref="DllNotFoundException">librdkafka is not installed; the message names the package.</exception>
    public NativeProducer(ProducerConfig config, IDeliveryReports reports, ILogger logger)
    {
        NativeLibrdkafka.EnsureLoaded();
        (this.reports, this.logger) = (reports, logger);
        client = Client.Open(config);
        events = Librdkafka.QueueGetMain(client.DangerousGetHandle());
        thread = new Thread(Serve) { IsBackground = true, Name = "kafka-producer" };
        thread.Start();
    }

    /// <summary>Queues one record; its content is copied.</summary>
    /// <param name="packedHeaders">By <see cref="RecordHeaders"/>.</param>
    /// <param name="token">Given back with the report.</param>
    /// <returns>Null when it is queued and will be reported; else why not.</returns>
    /// <exception cref="ObjectDisposedException">The producer has ended.</exception>
    public Error? TryProduce(string topic, int partition, byte[]? key, byte[]? value, ReadOnlySpan<byte> packedHeaders, long token)
    {
        bool held = false;
        try
        {
            client.DangerousAddRef(ref held);
            nint headers = packedHeaders.IsEmpty ? 0 : Headers(packedHeaders);
            // The address of an empty array is not null, which would be another record.
            fixed (byte* keyAt = &MemoryMarshal.GetArrayDataReference(key ?? []), valueAt = &MemoryMarshal.GetArrayDataReference(value ?? []))
            {
                Librdkafka.Argument* arguments = stackalloc Librdkafka.Argument[]
                {
                    new() { Kind = Librdkafka.ArgumentKind.Topic, Content = client.Topic(topic) },
                    new() { Kind = Librdkafka.ArgumentKind.Partition, Content = partition },
                    new() { Kind = Librdkafka.ArgumentKind.Flags, Content = Librdkafka.CopyPayload },
                    new() { Kind = Librdkafka.ArgumentKind.Token, Content = (nint)token },
                    new() { Kind = Librdkafka.ArgumentKind.Key, Content = key is null ? 0 : (nint)keyAt, Size = (nuint)(key?.Length ?? 0) },
                    new() { Kind = Librdkafka.ArgumentKind.Value, Content = value is null ? 0 : (nint)valueAt, Size = (nuint)(value?.Length ?? 0) },
                    new() { Kind = Librdkafka.ArgumentKind.Headers, Content = headers },
                };
                nint error = Librdkafka.Produce(client.DangerousGetHandle(), arguments, headers == 0 ? 6u : 7u);
                return error == 0 ? null : Refused(error, headers);
            }
        }
        finally
        {
            if (held)
                client.DangerousRelease();
        }
    }

    /// <summary>Number of partitions of a topic, or 0 when it does not exist or may not be seen. Blocks. The producer knows the topics' leaders from then on.</summary>
    /// <exception cref="KafkaException">No broker answered.</exception>
    public int PartitionCount(string topic, TimeSpan timeout)
    {
        bool held = false;
        try
        {
            client.DangerousAddRef(ref held);
            int error = Librdkafka.AskMetadata(client.DangerousGetHandle(), allTopics: 1, onlyTopic: 0, out Librdkafka.Metadata* metadata, (int)timeout.TotalMilliseconds);
            if (error != 0)
                throw new KafkaException((ErrorCode)error);
            int count = 0;
            for (int i = 0; i < metadata->TopicCount; i++)
                if (Text(metadata->Topics[i].Name) == topic)
                    count = metadata->Topics[i].PartitionCount;
            Librdkafka.MetadataDestroy(metadata);
            return count;
        }
        finally
        {
            if (held)
                client.DangerousRelease();
        }
    }

    /// <summary>What it cannot go on from; null while it can.</summary>
    /// <exception cref="ObjectDisposedException">The producer has ended.</exception>
    public Error? FatalError()
    {
        bool held = false;
        try
        {
            client.DangerousAddRef(ref held);
            byte* text = stackalloc byte[ErrorBytes];
            int code = Librdkafka.FatalError(client.DangerousGetHandle(), text, ErrorBytes);
            return code == 0 ? null : new Error((ErrorCode)code, Text(text), isFatal: true);
        }
        finally
        {
            if (held)
                client.DangerousRelease();
        }
    }

    /// <summary>Ends it; what is not sent by then is dropped and not reported.</summary>
    public void Dispose()
    {
        stopping = true;
        thread.Join();
        client.Dispose();
    }

    private static nint Headers(ReadOnlySpan<byte> packed)
    {
        nint headers = Librdkafka.HeadersNew(8);
        while (RecordHeaders.TryTake(ref packed, out ReadOnlySpan<byte> name, out bool hasValue, out ReadOnlySpan<byte> value))
        {
            fixed (byte* nameAt = &MemoryMarshal.GetReference(name), valueAt = &MemoryMarshal.GetReference(value))
                Librdkafka.HeaderAdd(headers, nameAt, name.Length, hasValue ? valueAt : null, value.Length);
        }
        return headers;
    }

    private static Error Refused(nint error, nint headers)
    {
        if (headers != 0)
            Librdkafka.HeadersDestroy(headers);
        var refusal = new Error((ErrorCode)Librdkafka.ErrorCode(error), Text(Librdkafka.ErrorText(error)), Librdkafka.ErrorIsFatal(error) != 0);
        Librdkafka.ErrorDestroy(error);
        return refusal;
    }

    private void Serve()
    {
        while (!stopping)
        {
            nint happened = Librdkafka.QueuePoll(events, PollMs);
            if (happened == 0)
                continue;
            int kind = Librdkafka.EventType(happened);
            Tell(happened, kind);
            Librdkafka.EventDestroy(happened);
            if (kind == Librdkafka.EventDelivery)
                reports.RoomMade();
        }
        Librdkafka.QueueDestroy(events);
    }

    private void Tell(nint happened, int kind)
    {
        switch (kind)
        {
            case Librdkafka.EventDelivery:
                for (Librdkafka.Message* message = Librdkafka.EventMessageNext(happened); message != null; message = Librdkafka.EventMessageNext(happened))
                    reports.Reported(message->Private, (ErrorCode)message->Error, message->Offset);
                break;
            case Librdkafka.EventError:
                logger.ClientError(new Error((ErrorCode)Librdkafka.EventErrorCode(happened), Text(Librdkafka.EventErrorText(happened))));
                break;
            case Librdkafka.EventLog when Librdkafka.EventLogLine(happened, out byte* facility, out byte* text, out int level) == 0:
                string name = Text(Librdkafka.ClientName(client.DangerousGetHandle()));
                logger.ClientMessage(new LogMessage(name, (SyslogLevel)level, Text(facility), Text(text)));
                break;
        }
    }

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8) ?? "";

    /// <summary>The client and its topics: they end when nobody is in a call any more.</summary>
    private sealed class Client : SafeHandleZeroOrMinusOneIsInvalid
    {
        private readonly ConcurrentDictionary<string, nint> topics = new();

        private Client(nint client)
            : base(ownsHandle: true) => SetHandle(client);

        public static Client Open(ProducerConfig config)
        {
            byte* error = stackalloc byte[ErrorBytes];
            nint configuration = Librdkafka.ConfNew();
            foreach ((string name, string value) in (IEnumerable<KeyValuePair<string, string>>)[.. config, new("log.queue", "true")])
            {
                if (Librdkafka.ConfSet(configuration, name, value, error, ErrorBytes) == 0)
                    continue;
                Librdkafka.ConfDestroy(configuration);
                throw new ArgumentException($"Kafka:Client: {Text(error)}", nameof(config));
            }
            Librdkafka.ConfSetEvents(configuration, Librdkafka.EventDelivery | Librdkafka.EventLog | Librdkafka.EventError);
            nint client = Librdkafka.New(Librdkafka.Producer, configuration, error, ErrorBytes);
            if (client == 0)
            {
                Librdkafka.ConfDestroy(configuration);
                throw new ArgumentException($"Kafka:Client: {Text(error)}", nameof(config));
            }
            Librdkafka.SetLogQueue(client, 0);
            return new Client(client);
        }

        public nint Topic(string name) => topics.GetOrAdd(name, static (topic, client) => Librdkafka.TopicNew(client, topic, 0), handle);

        protected override bool ReleaseHandle()
        {
            foreach (nint topic in topics.Values)
                Librdkafka.TopicDestroy(topic);
            Librdkafka.Destroy(handle);
            return true;
        }
    }
}

/// <summary>Receives what became of a producer's records. Called on one thread; must not block or throw.</summary>
internal interface IDeliveryReports
{
    /// <summary>A record was acknowledged at an offset, or refused.</summary>
    void Reported(long token, ErrorCode error, long offset);

    /// <summary>Reported records have left the producer's queue.</summary>
    void RoomMade();
}
