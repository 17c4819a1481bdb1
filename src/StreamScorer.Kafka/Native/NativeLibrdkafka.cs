using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace StreamScorer.Kafka.Native;

/// <summary>
/// Decides which librdkafka is used. By default it is Debian's package <c>librdkafka1</c>, under the name that Confluent.Kafka imports; a build with
/// <c>-p:Clients=current</c> takes the newest Confluent.Kafka with the library of its own package instead, and nothing here applies.
/// </summary>
public static class NativeLibrdkafka
{
    /// <summary>Name that P/Invoke declarations import.</summary>
    public const string Name = "librdkafka";

    private const string DebianName = "librdkafka.so.1";

    /// <summary>Lets <paramref name="assembly"/> import <see cref="Name"/>. Once per assembly.</summary>
    public static void Register(Assembly assembly)
    {
#if !PACKAGED_LIBRDKAFKA
        NativeLibrary.SetDllImportResolver(assembly, static (name, _, _) => name == Name ? Load() : 0);
#endif
    }

    /// <summary>Fails at once, and in words, when the library is not installed; else the first client fails with a search path.</summary>
    /// <exception cref="DllNotFoundException">The message names the package to install.</exception>
    public static void EnsureLoaded()
    {
#if !PACKAGED_LIBRDKAFKA
        Load();
#endif
    }

#pragma warning disable CA2255 // Confluent.Kafka binds on first use of any of its types, wherever that happens.
    [ModuleInitializer]
    internal static void RegisterClients()
    {
        Register(typeof(Confluent.Kafka.Library).Assembly);
        Register(typeof(NativeLibrdkafka).Assembly);
    }
#pragma warning restore CA2255

#if !PACKAGED_LIBRDKAFKA
    private static nint Load() =>
        NativeLibrary.TryLoad(DebianName, out nint handle)
            ? handle
            : throw new DllNotFoundException(
                $"The Kafka client library {DebianName} is not installed. Install it with: apt-get install librdkafka1. "
                + "On a system that has no such package build with -p:Clients=current.");
#endif
}
