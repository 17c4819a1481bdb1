using Microsoft.AspNetCore.Diagnostics;
using StreamScorer.Engine.Commit;
using StreamScorer.Engine.Publish;
using StreamScorer.Engine.Source;

namespace StreamScorer.Worker.Web;

/// <summary>Expected failures of a request as problem details. Others become a 500 that tells the client nothing and the log everything.</summary>
internal sealed class FailureHandler(IProblemDetailsService problems) : IExceptionHandler
{
    private const int ClientClosedRequest = 499;

    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientClosedRequest;
            return true;
        }
        (int status, string? title, string? detail) = exception switch
        {
            StateStoreException => (StatusCodes.Status503ServiceUnavailable, "Store unavailable", exception.Message),
            TransitionSinkException => (StatusCodes.Status503ServiceUnavailable, "Output unavailable", exception.Message),
            EventSourceException => (StatusCodes.Status503ServiceUnavailable, "Input unavailable", exception.Message),
            BadHttpRequestException bad => (bad.StatusCode, null, bad.Message),
            _ => (StatusCodes.Status500InternalServerError, null, null),
        };
        if (status == StatusCodes.Status500InternalServerError)
            return false;
        httpContext.Response.StatusCode = status;
        if (status == StatusCodes.Status503ServiceUnavailable)
            httpContext.Response.Headers.RetryAfter = "1";
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            Exception = exception,
            ProblemDetails = { Status = status, Title = title, Detail = detail },
        });
    }
}
