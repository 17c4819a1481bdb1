using System.Buffers;
using System.Runtime.InteropServices;
using StreamScorer.Engine.Source;
using StreamScorer.Kafka.Native;

namespace StreamScorer.Kafka.Source;

/// <summary>Takes native messages from a queue and copies them into record batches. Allocates nothing per message. Not safe for concurrent use.</summary>
internal sealed unsafe class MessageReader(int capacity) : IDisposable
{
    private readonly Librdkafka.Message** messages =
        (Librdkafka.Message**)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(Librdkafka.Message*));

    private readonly ArrayBufferWriter<byte> headers = new();

    /// <summary>Messages of the last <see cref="Read"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the last <see cref="Read"/> may have left messages in the queue.</summary>
    public bool IsFull => Count == capacity;

    /// <summary>Bytes of keys and values of the last <see cref="Read"/>.</summary>
    public int Bytes
    {
        get
        {
            nuint bytes = 0;
            for (int i = 0; i < Count; i++)
                bytes += messages[i]->Length + messages[i]->KeyLength;
            return checked((int)bytes);
        }
    }

    /// <summary>Message <paramref name="index"/> of the last <see cref="Read"/>.</summary>
    public ref readonly Librdkafka.Message this[int index] => ref *messages[index];

    /// <summary>Takes what is in the queue now, up to the capacity, without waiting. <see cref="Release"/> must follow.</summary>
    public void Read(nint queue) =>
        Count = (int)nint.Max(Librdkafka.ConsumeBatchQueue(queue, timeoutMs: 0, messages, (nuint)capacity), 0);

    /// <summary>Copies message <paramref name="index"/> into <paramref name="batch"/>.</summary>
    public void CopyTo(RecordBatch batch, int index)
    {
        Librdkafka.Message* message = messages[index];
        batch.Add(
            message->Offset,
            Librdkafka.MessageTimestamp(message, out _),
            message->Key != null,
            new ReadOnlySpan<byte>(message->Key, checked((int)message->KeyLength)),
            message->Payload != null,
            new ReadOnlySpan<byte>(message->Payload, checked((int)message->Length)),
            PackHeaders(message));
    }

    /// <summary>Gives the messages of the last <see cref="Read"/> back to the library.</summary>
    public void Release()
    {
        for (int i = 0; i < Count; i++)
            Librdkafka.MessageDestroy(messages[i]);
        Count = 0;
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(messages);

    private ReadOnlySpan<byte> PackHeaders(Librdkafka.Message* message)
    {
        if (Librdkafka.MessageHeaders(message, out nint list) != 0)
            return default;
        headers.ResetWrittenCount();
        for (nuint i = 0; Librdkafka.HeaderGetAll(list, i, out byte* name, out byte* value, out nuint size) == 0; i++)
        {
            RecordHeaders.Append(
                headers,
                MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name),
                value != null,
                new ReadOnlySpan<byte>(value, checked((int)size)));
        }
        return headers.WrittenSpan;
    }
}
