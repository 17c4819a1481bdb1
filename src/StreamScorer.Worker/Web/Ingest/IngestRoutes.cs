using System.Text.Json;
using StreamScorer.Worker.Customers;
using StreamScorer.Worker.Hosting;

namespace StreamScorer.Worker.Web.Ingest;

/// <summary><c>POST /v1/events</c> and <c>DELETE /v1/customers/{id}</c>: what changes state, both by records of the input.</summary>
internal static class IngestRoutes
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/events", TakeAsync).WithName("postEvents").WithSummary("Events, durable before they are accepted")
            .Accepts<JsonElement>("application/json", "application/x-ndjson", "application/cloudevents+json", "application/cloudevents-batch+json")
            .Produces<EventReceipt>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests);
        routes.MapDelete("/v1/customers/{id}", EraseAsync).WithName("eraseCustomer").WithSummary("Erases a customer, with a receipt")
            .Produces<EraseReceipt>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> TakeAsync(
        HttpContext context, EventIntake intake, InputWriter input, IngestLimit limit, CancellationToken cancellation)
    {
        if (EventBody.FormOf(context.Request) is not EventBodyForm form)
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "Unsupported media type", $"Allowed is {EventBody.Allowed}.");
        byte[] body = await EventBody.ReadAsync(context.Request, cancellation);
        using IngestPlace? place = await limit.TryEnterAsync(body.Length, cancellation);
        if (place is null)
        {
            context.Response.Headers.RetryAfter = IngestLimit.RetryAfterSeconds;
            return Problems.Of(StatusCodes.Status429TooManyRequests, "Too many events", "More events wait than are scored; send these again later.");
        }
        List<byte[]> events;
        try
        {
            events = EventBody.Split(form, body, context.Request.Headers);
        }
        catch (JsonException e)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, "Malformed JSON", e.Message);
        }
        return await StoreAsync(events, intake, input, cancellation);
    }

    private static async Task<IResult> StoreAsync(List<byte[]> events, EventIntake intake, InputWriter input, CancellationToken cancellation)
    {
        var records = new List<InputRecord>(events.Count);
        var errors = new List<EventError>();
        for (int i = 0; i < events.Count; i++)
        {
            (InputRecord? record, EventError? error) = await intake.CheckAsync(events[i], i, cancellation);
            if (record is not null)
                records.Add(record);
            else
                errors.Add(error!);
        }
        if (records.Count == 0)
            return Problems.NoUsableEvent(errors);
        await input.AppendAsync(records, cancellation);
        return TypedResults.Json(
            new EventReceipt(records.Count, errors.Count, errors), WorkerJson.Default.EventReceipt, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> EraseAsync(string id, CustomerEraser eraser, CancellationToken cancellation)
    {
        id = RouteId.Decode(id);
        try
        {
            DateTimeOffset at = await eraser.EraseAsync(id, cancellation);
            return TypedResults.Json(
                new EraseReceipt(Guid.CreateVersion7(at), id, at.UtcDateTime), WorkerJson.Default.EraseReceipt, statusCode: StatusCodes.Status202Accepted);
        }
        catch (ArgumentException)
        {
            return Problems.BadRequest(["id: allowed are 1 to 256 UTF-8 bytes without control characters"]);
        }
    }
}

/// <summary>Proof that an erasure was asked for; it is durable in the input and is carried out by the partition's owner.</summary>
/// <param name="Receipt">Number of the receipt, also in the audit log.</param>
/// <param name="CustomerId">Who.</param>
/// <param name="RequestedAt">Events up to this instant are ignored from then on.</param>
public sealed record EraseReceipt(Guid Receipt, string CustomerId, DateTime RequestedAt);
