using System.Text.Json;
using ResNetEdge.Service.Watch;
using ResNetEdge.Tests.Fakes;

namespace ResNetEdge.Tests.Unit.Runtime.Service.Watch;

public class StatusReportTests
{
    [Fact]
    public void Classes_stand_as_the_page_reads_them()
    {
        var status = JsonDocument.Parse(StatusReport.Of(FakeWatched.Running(), "1.2").ToJson()).RootElement;
        Assert.Equal(
            """[{"index":5,"label":"Sandal","probability":0.914},{"index":7,"label":"Sneaker","probability":0.061}"""
            + """,{"index":9,"label":"Ankle boot","probability":0.02},{"index":8,"label":"Bag","probability":0.004}"""
            + """,{"index":0,"label":null,"probability":0.001}]""",
            status.GetProperty("top").GetRawText());
        Assert.Equal("1.2", status.GetProperty("version").GetString());
    }
}
