-- Each request of wrk is one of the signed-in browsers of COOKIES, at random.
local cookies = {}
for line in io.lines(os.getenv("COOKIES")) do
  cookies[#cookies + 1] = line
end
math.randomseed(os.time())

function request()
  return wrk.format("GET", nil, { ["user-agent"] = "bench", ["cookie"] = cookies[math.random(#cookies)] })
end
