namespace StreamScorer.Worker.Observability.Health;

/// <summary>Asks a server for something small and judges by whether it answers in time. A question that is still open is not asked again.</summary>
internal sealed class Probe(string name, Func<Task> ask, TimeSpan timeout, TimeProvider time)
{
    private Task? asked;

    /// <summary>Asks, or goes on waiting for the answer to the last question.</summary>
    public async Task<HealthCheck> RunAsync()
    {
        long start = time.GetTimestamp();
        Task answer = asked ??= Task.Run(ask);
        try
        {
            await answer.WaitAsync(timeout, time);
            asked = null;
            return new HealthCheck(name, true, $"answered in {time.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        }
        catch (TimeoutException) when (!answer.IsCompleted)
        {
            return new HealthCheck(name, false, $"does not answer within {timeout.TotalSeconds:F0} s");
        }
        catch (Exception e)
        {
            asked = null;
            return new HealthCheck(name, false, e.Message);
        }
    }
}
